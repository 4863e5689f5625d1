package io.medallion.jobs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Whether the configured brokers answer; topics are the matter of who reads them. */
final class BrokerCheck implements Checkup.Check {
  private static final int TIMEOUT_MILLIS = 5_000;

  @Override
  public String name() {
    return "broker";
  }

  @Override
  public List<Diagnosis> diagnose(Checkup checkup) {
    List<Diagnosis> found = new ArrayList<>();
    checkup
        .installation()
        .value(Settings.KAFKA_BOOTSTRAP_SERVERS)
        .ifPresent(
            servers -> {
              for (String server : servers.split(",")) {
                found.add(answers(server));
              }
            });
    return found;
  }

  private static Diagnosis answers(String server) {
    int colon = server.lastIndexOf(':');
    String name = "broker " + server;
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))),
          TIMEOUT_MILLIS);
      return new Diagnosis.Ok(name, "it takes connections");
    } catch (IOException | IllegalArgumentException e) {
      return new Diagnosis.Failed(
          name,
          "it takes no connection: " + Diagnosis.line(String.valueOf(e.getMessage())),
          "start it, or correct kafka.bootstrap.servers");
    }
  }
}
