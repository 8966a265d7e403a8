/** What decides whether this node should hold the address: checks, what their failure does, and the application's own word. */
@NullMarked
package io.floatingip.health;

import org.jspecify.annotations.NullMarked;
