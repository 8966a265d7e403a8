package io.floatingip.linux;

import java.io.IOException;

/** An interface this library made for a link; closing takes it away again, with everything that was changed for it. */
interface MadeDevice extends AutoCloseable {
    /** The kernel removed it together with the interface below, which is back. */
    void makeAgain() throws IOException;

    @Override
    void close();
}
