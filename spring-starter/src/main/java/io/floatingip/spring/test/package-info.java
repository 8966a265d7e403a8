/** Tests of applications with floating IPs, on a simulated LAN on which the test plays the other nodes. */
@NullMarked
package io.floatingip.spring.test;

import org.jspecify.annotations.NullMarked;
