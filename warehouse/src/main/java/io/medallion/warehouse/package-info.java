/**
 * Gold into a warehouse, exactly once: what a load is, what a warehouse must do with it, and the
 * load itself, which is the same for every warehouse.
 */
package io.medallion.warehouse;
