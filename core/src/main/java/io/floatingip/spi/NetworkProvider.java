package io.floatingip.spi;

import java.io.IOException;
import java.util.Optional;

/** Found by {@link java.util.ServiceLoader}; says whether it can serve on this machine and opens the network if so. */
public interface NetworkProvider {
    /** A short name for messages, for example {@code linux}. */
    String name();

    /** Why this provider cannot serve here, as a sentence for the user; empty when it can. Must not load native code to find out. */
    Optional<String> unavailable();

    /** Opens the machine's network. Called by any thread; what is returned is then used by the loop thread alone. */
    Network open() throws IOException;
}
