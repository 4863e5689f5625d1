package io.medallion.warehouse;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A real warehouse, whose loads are changed on their way. */
final class TamperedWarehouse implements Warehouse {
  private final Warehouse warehouse;
  private final UnaryOperator<StarLoad> tampering;
  private Runnable afterwards = () -> {};

  TamperedWarehouse(Warehouse warehouse, UnaryOperator<StarLoad> tampering) {
    this.warehouse = warehouse;
    this.tampering = tampering;
  }

  TamperedWarehouse failingAfterwards() {
    return afterwards(
        () -> {
          throw new IllegalStateException("killed");
        });
  }

  /** Runs something when a load has been applied. */
  TamperedWarehouse afterwards(Runnable work) {
    afterwards = work;
    return this;
  }

  @Override
  public String kind() {
    return warehouse.kind();
  }

  @Override
  public String place() {
    return warehouse.place();
  }

  @Override
  public WarehouseState state(String star) {
    return warehouse.state(star);
  }

  @Override
  public List<LedgerRow> apply(StarLoad load) {
    List<LedgerRow> rows = warehouse.apply(tampering.apply(load));
    afterwards.run();
    return rows;
  }

  @Override
  public Map<String, GoldVersion> versions(String star) {
    return warehouse.versions(star);
  }

  @Override
  public long rows(String table) {
    return warehouse.rows(table);
  }

  @Override
  public QueryAnswer query(String sql, int most) {
    return warehouse.query(sql, most);
  }

  @Override
  public Map<String, Long> countBy(String table, String column) {
    return warehouse.countBy(table, column);
  }

  @Override
  public void close() {
    warehouse.close();
  }
}
