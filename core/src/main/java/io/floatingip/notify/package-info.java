/** Tells others about changes of role: commands, a FIFO, mail, webhooks. */
@NullMarked
package io.floatingip.notify;

import org.jspecify.annotations.NullMarked;
