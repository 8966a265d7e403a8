/** What a gateway is to do: read from a YAML file or a keepalived.conf. */
@NullMarked
package io.floatingip.gateway.config;

import org.jspecify.annotations.NullMarked;
