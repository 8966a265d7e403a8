/** Which upstream gets a request: algorithms, persistence, weights, health. */
@NullMarked
package io.floatingip.gateway.balance;

import org.jspecify.annotations.NullMarked;
