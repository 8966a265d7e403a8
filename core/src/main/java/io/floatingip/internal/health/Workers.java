package io.floatingip.internal.health;

import java.util.ArrayDeque;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Threads for what blocks: made when needed, no more than a given number of them at work, gone after {@link #IDLE_MILLIS}. A job that has been
 * given up does not count any more, and its thread ends with it.
 */
final class Workers {
    private static final long IDLE_MILLIS = 10_000;

    private final ThreadFactory threads;
    private final String threadName;
    private final int threadsMax;
    private final ArrayDeque<Job> queue = new ArrayDeque<>();
    private int working;
    private int idle;
    private int made;
    private boolean ended;

    Workers(ThreadFactory threads, String threadName, int threadsMax) {
        this.threads = threads;
        this.threadName = threadName;
        this.threadsMax = threadsMax;
    }

    /** Something to do. */
    final class Job {
        private final Runnable task;
        private @Nullable Thread thread;
        private boolean ended;
        private boolean abandoned;

        private Job(Runnable task) {
            this.task = task;
        }

        /** Gives it up: it does not begin, or its thread is interrupted and left to itself. Returns whether it is still running. */
        boolean abandon() {
            synchronized (queue) {
                if (ended || abandoned) {
                    return !ended;
                }
                Thread runner = thread;
                if (runner == null) {
                    queue.remove(this);
                    ended = true;
                    return false;
                }
                abandoned = true;
                working--;
                runner.interrupt();
                if (!queue.isEmpty()) {
                    staff();
                }
                return true;
            }
        }
    }

    /** Any thread. */
    Job submit(Runnable task) {
        Job job = new Job(task);
        synchronized (queue) {
            queue.add(job);
            if (idle > 0) {
                queue.notify();
            }
            if (idle < queue.size()) {
                staff();
            }
        }
        return job;
    }

    /** Idle threads end; the others when they have done what is queued. */
    void end() {
        synchronized (queue) {
            ended = true;
            queue.notifyAll();
        }
    }

    private void staff() {
        if (working + idle < threadsMax) {
            Thread thread = threads.newThread(this::work);
            thread.setName(threadName + ++made);
            thread.start();
            // Not before: where no thread can be had nobody is to wait for it.
            idle++;
        }
    }

    private void work() {
        while (true) {
            Job job;
            synchronized (queue) {
                job = next();
                idle--;
                if (job == null) {
                    return;
                }
                working++;
                job.thread = Thread.currentThread();
            }
            try {
                job.task.run();
            } catch (Throwable e) {
                // A thread that ended here would still be counted on.
                HealthMonitor.log.error("a health check's thread failed; going on", e);
            } finally {
                synchronized (queue) {
                    job.ended = true;
                    if (!job.abandoned) {
                        working--;
                        idle++;
                    }
                }
            }
            if (job.abandoned) {
                return;
            }
            // The interrupt of a job is not the next one's.
            Thread.interrupted();
        }
    }

    private @Nullable Job next() {
        long deadline = System.nanoTime() + IDLE_MILLIS * 1_000_000;
        while (queue.isEmpty()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (ended || millis <= 0) {
                return null;
            }
            try {
                queue.wait(millis);
            } catch (InterruptedException e) {
                // Somebody else's idea; the wait goes on.
            }
        }
        return queue.poll();
    }
}
