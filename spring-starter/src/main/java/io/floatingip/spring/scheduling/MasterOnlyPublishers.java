package io.floatingip.spring.scheduling;

import java.lang.reflect.Method;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * What methods return whose work begins when it is subscribed to. The scheduler calls such a method once and subscribes for each run, so that it
 * is the subscription before which the role is looked at. Loaded only where there are reactive types.
 */
final class MasterOnlyPublishers {
    private MasterOnlyPublishers() {}

    static boolean returnedBy(Method method) {
        return adapter(method) != null;
    }

    private static @Nullable ReactiveAdapter adapter(Method method) {
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType());
        return adapter != null && adapter.getDescriptor().isDeferred() ? adapter : null;
    }

    /** The same, but for subscribers who come when it may not run: to them it is complete. */
    static Object guarded(Method method, Object returned, BooleanSupplier mayRun) {
        ReactiveAdapter adapter = adapter(method);
        if (adapter == null) {
            throw new IllegalStateException(method + " returns no reactive type");
        }
        Publisher<Object> work = adapter.toPublisher(returned);
        Publisher<Object> guarded = subscriber -> {
            if (mayRun.getAsBoolean()) {
                work.subscribe(subscriber);
            } else {
                complete(subscriber);
            }
        };
        return adapter.fromPublisher(guarded);
    }

    private static void complete(Subscriber<?> subscriber) {
        subscriber.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
        });
        subscriber.onComplete();
    }
}
