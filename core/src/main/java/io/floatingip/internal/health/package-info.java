/** Runs health checks on few threads and folds their results into one number. */
@NullMarked
package io.floatingip.internal.health;

import org.jspecify.annotations.NullMarked;
