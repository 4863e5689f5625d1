package io.medallion.jobs.config;

import java.util.List;
import java.util.Optional;

/** What the value of a setting may be. */
public sealed interface ValueType {
  /** The type's name in the reference. */
  String label();

  /**
   * Says what is wrong with a value, as the rest of a sentence that begins with it; absent where
   * nothing is.
   */
  Optional<String> problem(String value);

  /** What to write instead of a value that is wrong. */
  String fix();

  /** Any text that is not blank. */
  record Text(String label) implements ValueType {
    @Override
    public Optional<String> problem(String value) {
      return value.isBlank() ? Optional.of("is blank") : Optional.empty();
    }

    @Override
    public String fix() {
      return "write its value, or leave the key out";
    }
  }

  /** {@code true} or {@code false}, in no other spelling. */
  record Flag() implements ValueType {
    @Override
    public String label() {
      return "true or false";
    }

    @Override
    public Optional<String> problem(String value) {
      return value.equals("true") || value.equals("false")
          ? Optional.empty()
          : Optional.of("is neither true nor false");
    }

    @Override
    public String fix() {
      return "write true or false";
    }
  }

  /** A whole number of a range, both ends included. */
  record Whole(int least, int most) implements ValueType {
    @Override
    public String label() {
      return "whole number, " + least + " to " + most;
    }

    @Override
    public Optional<String> problem(String value) {
      try {
        int number = Integer.parseInt(value);
        return number >= least && number <= most
            ? Optional.empty()
            : Optional.of("is not between " + least + " and " + most);
      } catch (NumberFormatException e) {
        return Optional.of("is no whole number");
      }
    }

    @Override
    public String fix() {
      return "write a number from " + least + " to " + most;
    }
  }

  /** One of a few words. */
  record Choice(List<String> words) implements ValueType {
    public Choice {
      words = List.copyOf(words);
    }

    @Override
    public String label() {
      return String.join(", ", words);
    }

    @Override
    public Optional<String> problem(String value) {
      return words.contains(value) ? Optional.empty() : Optional.of("is none of " + label());
    }

    @Override
    public String fix() {
      return "write one of " + label();
    }
  }

  /** Hosts with their ports, separated by commas. */
  record Servers() implements ValueType {
    private static final String SERVER = "[^\\s:,/]+:[0-9]{1,5}";

    @Override
    public String label() {
      return "HOST:PORT[,…]";
    }

    @Override
    public Optional<String> problem(String value) {
      return value.matches(SERVER + "(," + SERVER + ")*")
          ? Optional.empty()
          : Optional.of("is no list of hosts with their ports");
    }

    @Override
    public String fix() {
      return "write it as kafka-1:9092,kafka-2:9092";
    }
  }
}
