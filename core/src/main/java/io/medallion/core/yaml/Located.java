package io.medallion.core.yaml;

/** A value and where it was written. */
public record Located<T>(T value, Location at) {}
