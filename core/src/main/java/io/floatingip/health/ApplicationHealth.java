package io.floatingip.health;

/**
 * The application's own word on its health. All methods may be called by any thread and return at once; the protocol acts within milliseconds.
 *
 * <p>Healthy and ready from the start, unless {@linkplain io.floatingip.FloatingIpConfig.Builder#ready configured} otherwise.
 */
public interface ApplicationHealth {
    /** Takes an earlier {@code unhealthy} back. */
    void healthy();

    /** Gives the address up at once and takes no part until {@link #healthy()}: a master removes the address and advertises priority 0. */
    void unhealthy(String because);

    /** As {@link #unhealthy}, but goes on serving until a successor has the address, or could have had it. */
    void unhealthyButServing(String because);

    /** Ends {@link #notReady}, or the beginning of one that was joined not {@linkplain io.floatingip.FloatingIpConfig.Builder#ready ready}. */
    void ready();

    /**
     * Gives mastership away on purpose and takes no part until {@link #ready()}: drains for the configured drain time, then goes on serving until a
     * successor has the address, or could have had it. Does not touch what was said of health.
     */
    void notReady(String because);

    /** Whether the application's last word was healthy. */
    boolean isHealthy();

    /**
     * Ties errors to health: an error of this kind that ends any thread of this process means {@link #unhealthy}. Works through the default
     * uncaught exception handler, and calls the one that was there before; a pool that catches what its tasks throw must report it by {@link
     * #report}. Usual kinds are {@link OutOfMemoryError} and {@link LinkageError}.
     */
    void unhealthyOn(Class<? extends Throwable> kind);

    /** Hands in an error that was caught; counts if {@link #unhealthyOn} named its kind. Returns whether it did. */
    boolean report(Throwable error);
}
