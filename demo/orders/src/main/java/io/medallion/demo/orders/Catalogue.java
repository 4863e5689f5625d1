package io.medallion.demo.orders;

import io.medallion.demo.orders.OrderLine.Customer;
import io.medallion.demo.orders.OrderLine.Product;
import io.medallion.demo.orders.OrderLine.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The customers, products and stores, each with its history. */
public record Catalogue(
    List<History<Customer>> customers,
    List<History<Product>> products,
    List<History<Store>> stores) {

  static final List<String> SEGMENTS = List.of("Consumer", "Corporate", "Home Office");

  private static final int DAYS = Calendar.BASE_DAYS + Calendar.INCREMENT_DAYS;

  private record Department(String category, String subCategory, String code) {}

  private static final List<Department> DEPARTMENTS =
      List.of(
          new Department("Furniture", "Bookcases", "FUR-BO"),
          new Department("Furniture", "Chairs", "FUR-CH"),
          new Department("Furniture", "Tables", "FUR-TA"),
          new Department("Office Supplies", "Binders", "OFF-BI"),
          new Department("Office Supplies", "Paper", "OFF-PA"),
          new Department("Office Supplies", "Storage", "OFF-ST"),
          new Department("Technology", "Accessories", "TEC-AC"),
          new Department("Technology", "Copiers", "TEC-CO"),
          new Department("Technology", "Phones", "TEC-PH"));

  private record Country(String name, List<String> states, String market, String region) {}

  private static final List<Country> COUNTRIES =
      List.of(
          new Country("United States", List.of("New York", "Texas", "Ohio"), "US", "East"),
          new Country("Canada", List.of("Ontario", "Québec"), "Canada", "Canada"),
          new Country("Germany", List.of("Bayern", "Baden-Württemberg"), "EU", "Central"),
          new Country("France", List.of("Île-de-France", "Provence"), "EU", "Central"),
          new Country("United Kingdom", List.of("England", "Scotland"), "EU", "North"),
          new Country("Australia", List.of("New South Wales", "Victoria"), "APAC", "Oceania"),
          new Country("India", List.of("Kerala", "Delhi"), "APAC", "Central Asia"),
          new Country("Brazil", List.of("São Paulo", "Paraná"), "LATAM", "South"),
          new Country("Korea, Republic of", List.of("Seoul"), "APAC", "North Asia"),
          new Country("Côte d’Ivoire", List.of("Abidjan"), "Africa", "Africa"));

  private record Area(String market, String region) {}

  private static final List<Area> AREAS =
      List.of(
          new Area("US", "West"),
          new Area("US", "Central"),
          new Area("EU", "South"),
          new Area("APAC", "Southeast Asia"),
          new Area("LATAM", "Caribbean"),
          new Area("EMEA", "EMEA"));

  public static Catalogue of(long seed, long orders) {
    Vocabulary words = Vocabulary.of(seed);
    return new Catalogue(
        customers(seed, words, size(orders / 10, 40, 100_000)),
        products(seed, words, size(orders / 20, 40, 20_000)),
        stores(seed, words, size(orders / 50, 30, 2_000)));
  }

  private static int size(long wanted, int least, int most) {
    return (int) Math.max(least, Math.min(most, wanted));
  }

  private static List<History<Customer>> customers(long seed, Vocabulary words, int count) {
    List<History<Customer>> customers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Dice dice = Dice.of(seed, "customer", i);
      String firstName = dice.oneOf(words.firstNames());
      History<Customer> history =
          new History<>(
              new Customer(
                  "CU-%06d".formatted(i + 1),
                  firstName + " " + dice.oneOf(words.lastNames()),
                  dice.oneOf(SEGMENTS)));
      for (int day : changeDays(dice)) {
        Customer old = history.latest();
        history.change(
            day,
            dice.chance(0.25)
                ? new Customer(
                    old.id(), firstName + " " + dice.oneOf(words.lastNames()), old.segment())
                : new Customer(old.id(), old.name(), another(old.segment(), SEGMENTS, dice)));
      }
      customers.add(history);
    }
    return customers;
  }

  private static List<History<Product>> products(long seed, Vocabulary words, int count) {
    List<History<Product>> products = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Dice dice = Dice.of(seed, "product", i);
      Department department = dice.oneOf(DEPARTMENTS);
      History<Product> history =
          new History<>(
              new Product(
                  "%s-%08d".formatted(department.code(), 10_000_000 + i),
                  productName(i, dice.oneOf(words.products())),
                  department.category(),
                  department.subCategory()));
      for (int day : changeDays(dice)) {
        Product old = history.latest();
        if (dice.chance(0.5)) {
          String name = productName(i, dice.oneOf(words.products()));
          history.change(day, new Product(old.id(), name, old.category(), old.subCategory()));
        } else {
          Department moved = dice.oneOf(DEPARTMENTS);
          history.change(
              day, new Product(old.id(), old.name(), moved.category(), moved.subCategory()));
        }
      }
      products.add(history);
    }
    return products;
  }

  /** Every way of writing that a CSV reader may stumble over, in turn. */
  private static String productName(int product, String name) {
    return switch (product % 10) {
      case 0 -> name + ", Black";
      case 1 -> name + " 12\" Model";
      case 2 -> name + "\nwith cable, set of 2";
      case 3 -> "“" + name + "” by Café Noir";
      case 4 -> "\"Eco\" " + name;
      case 5 -> name + "\u00a0Größe\u00a0XL";
      case 6 -> name + ", 19\"";
      default -> name;
    };
  }

  private static List<History<Store>> stores(long seed, Vocabulary words, int count) {
    List<History<Store>> stores = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Dice dice = Dice.of(seed, "store", i);
      Country country = COUNTRIES.get(i % COUNTRIES.size());
      String city = words.cities().get((i / COUNTRIES.size()) % words.cities().size());
      String state = country.states().get(i % country.states().size());
      // Some leading zeros: a postal code is no number.
      Optional<String> postalCode =
          i % 7 == 3 ? Optional.empty() : Optional.of("%05d".formatted(1000 + i * 37 % 90_000));
      Store store =
          new Store(country.name(), state, city, postalCode, country.market(), country.region());
      stores.add(moving(store, dice));
      if (i % 7 == 4) {
        // The same place without its postal code is a store of its own.
        stores.add(
            moving(
                new Store(
                    country.name(),
                    state,
                    city,
                    Optional.empty(),
                    country.market(),
                    country.region()),
                dice));
      }
    }
    return stores;
  }

  private static History<Store> moving(Store store, Dice dice) {
    History<Store> history = new History<>(store);
    for (int day : changeDays(dice)) {
      Store old = history.latest();
      Area area = dice.oneOf(AREAS);
      history.change(
          day,
          new Store(
              old.country(),
              old.state(),
              old.city(),
              old.postalCode(),
              dice.chance(0.5) ? old.market() : area.market(),
              area.region()));
    }
    return history;
  }

  /** Up to three days on which something changes, in order. */
  private static List<Integer> changeDays(Dice dice) {
    return dice.chance(0.4)
        ? List.of()
        : IntStream.range(0, dice.between(1, 3))
            .map(i -> dice.between(1, DAYS - 1))
            .sorted()
            .distinct()
            .boxed()
            .toList();
  }

  private static String another(String current, List<String> choices, Dice dice) {
    int step = dice.between(1, choices.size() - 1);
    return choices.get((choices.indexOf(current) + step) % choices.size());
  }
}
