/**
 * Shared set-up of tests: the Spark session of a test run, and how many rounds a property is
 * tested.
 *
 * <p>Uses: none.
 */
package io.medallion.testkit;
