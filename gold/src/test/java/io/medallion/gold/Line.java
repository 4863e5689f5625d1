package io.medallion.gold;

import java.math.BigDecimal;
import java.time.LocalDate;

/** A row of the tests' source. {@code null} is NULL. */
record Line(
    String orderId,
    long lineId,
    LocalDate day,
    LocalDate shipped,
    String customer,
    String name,
    String segment,
    String email,
    String product,
    String title,
    String country,
    String city,
    String region,
    String status,
    BigDecimal amount) {

  /** An ordinary line; tests change what they are about. */
  static Line of(String orderId, long lineId, LocalDate day) {
    return new Line(
        orderId,
        lineId,
        day,
        null,
        "c1",
        "Ann",
        "Consumer",
        "a@x",
        "p1",
        "Pen",
        "DE",
        "Bonn",
        "West",
        "open",
        new BigDecimal("10.50000"));
  }

  Line customer(String id, String newName, String newSegment) {
    return new Line(
        orderId,
        lineId,
        day,
        shipped,
        id,
        newName,
        newSegment,
        email,
        product,
        title,
        country,
        city,
        region,
        status,
        amount);
  }

  Line email(String newEmail) {
    return new Line(
        orderId, lineId, day, shipped, customer, name, segment, newEmail, product, title, country,
        city, region, status, amount);
  }

  Line product(String id, String newTitle) {
    return new Line(
        orderId, lineId, day, shipped, customer, name, segment, email, id, newTitle, country, city,
        region, status, amount);
  }

  Line place(String newCountry, String newCity, String newRegion, String newStatus) {
    return new Line(
        orderId,
        lineId,
        day,
        shipped,
        customer,
        name,
        segment,
        email,
        product,
        title,
        newCountry,
        newCity,
        newRegion,
        newStatus,
        amount);
  }

  Line shipped(LocalDate newShipped) {
    return new Line(
        orderId,
        lineId,
        day,
        newShipped,
        customer,
        name,
        segment,
        email,
        product,
        title,
        country,
        city,
        region,
        status,
        amount);
  }

  Line amount(String newAmount) {
    return new Line(
        orderId,
        lineId,
        day,
        shipped,
        customer,
        name,
        segment,
        email,
        product,
        title,
        country,
        city,
        region,
        status,
        newAmount == null ? null : new BigDecimal(newAmount));
  }
}
