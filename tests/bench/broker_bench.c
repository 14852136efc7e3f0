/* One screen's certificate against mosquitto with the files of
 * packaging/mosquitto: it has the broker retain as much and as fast as it can,
 * on the topics that it may write and on others, while an operator raises
 * alerts for another screen. Prints how long the broker takes to hand over an
 * alert before and during that, and what became of its store. No time is
 * judged; the exit code says whether an alert was lost, the store grew, or the
 * broker rewrote it more than once a minute. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "protocol/limits.h"
#include "tests/support/bench_fixture.h"
#include "tests/support/distribution.h"
#include "tests/support/folder.h"
#include "tests/support/tls_fixture.h"

enum {
    SECONDS = 30,
    PAUSE_MS = 50, /* between two alerts */
    TOPICS = 6,
    BODY_BYTES = 2000,
    STORE_MOST_BYTES = 5 * LIMIT_MESSAGE_BYTES, /* four are a screen's */
};

struct bench {
    struct tls_fixture *tls;
    struct peer *publisher, *screen;
    int seconds;
    atomic_bool ending;
    long poured;
    int sent, lost;
};

/* What a store is now; a save makes a new file. */
struct store {
    off_t bytes;
    ino_t file;
};

static struct store look(const struct bench *bench)
{
    char *path = folder_path(broker_folder(bench->tls->broker), "mosquitto.db");
    struct stat status;
    struct store store = {0, 0};

    if (path && stat(path, &status) == 0)
        store = (struct store){status.st_size, status.st_ino};
    free(path);
    return store;
}

/* Nobody waits for these answers. */
static void *pour(void *context)
{
    static const char *const topics[TOPICS] = {
        "gaoshi/1/erqi/screen/lobby-2/presence",
        "gaoshi/1/erqi/screen/lobby-2/state",
        "gaoshi/1/erqi/screen/lobby-2/reply",
        "gaoshi/1/erqi/screen/lobby-2/receipt",
        "gaoshi/1/erqi/receipt/flood%ld/lobby-2",
        "gaoshi/1/erqi/screen/lobby-2/x%ld",
    };
    static char body[BODY_BYTES];
    const struct link_callbacks deaf = {.context = NULL};
    struct bench *bench = context;
    const struct link_options options =
        tls_link_options(bench->tls, broker_url(bench->tls->broker),
                         "gaoshi-lobby-2", "lobby-2", "screen");
    struct link *link = NULL;

    memset(body, 'x', sizeof body);
    if (!link_create(&options, &deaf, &link, NULL) || !link_start(link, NULL))
        return NULL;
    while (!bench->ending) {
        char topic[96];
        const char *pattern = topics[bench->poured % TOPICS];
        const char *number = strstr(pattern, "%ld");
        int head = number ? (int)(number - pattern) : (int)strlen(pattern);
        snprintf(topic, sizeof topic, "%.*s", head, pattern);
        if (number)
            snprintf(topic + head, sizeof topic - (size_t)head, "%ld%s",
                     bench->poured, number + strlen("%ld"));
        if (link_publish(link, topic, body, sizeof body, 1, true, 1))
            bench->poured++;
        else
            bench_pause(1);
    }
    link_destroy(link);
    return NULL;
}

static void raise_alerts(struct bench *bench, double until_ms,
                         struct distribution *latency)
{
    static const char topic[] = "gaoshi/1/erqi/down/all/alert/flood";

    do {
        double from_ms = bench_now_ms();
        if (!link_publish(peer_link(bench->publisher), topic, "x", 1, 1, true,
                          1) ||
            !peer_wait_message(bench->screen, (size_t)bench->sent++))
            bench->lost++;
        else
            distribution_add(latency, bench_now_ms() - from_ms);
        bench_pause(PAUSE_MS);
    } while (bench_now_ms() < until_ms);
}

static void print(const char *when, struct distribution *latency)
{
    printf("%s: %zu alerts, median %.1f ms, p99 %.1f ms, max %.1f ms\n", when,
           latency->count, distribution_at(latency, 0.5),
           distribution_at(latency, 0.99), distribution_at(latency, 1));
    distribution_finish(latency);
}

static int run(struct bench *bench)
{
    struct distribution quiet = {0}, flooded = {0};
    pthread_t pourer;
    int saves = 0;

    raise_alerts(bench, bench_now_ms() + 5000, &quiet);
    print("before", &quiet);
    struct store before = look(bench);
    double from_ms = bench_now_ms(), end_ms = from_ms + bench->seconds * 1000.0;
    if (pthread_create(&pourer, NULL, pour, bench) != 0)
        return 1;
    while (bench_now_ms() < end_ms) {
        raise_alerts(bench, bench_now_ms() + 1000, &flooded);
        struct store now = look(bench);
        saves += now.file != before.file;
        before = now;
    }
    bench->ending = true;
    pthread_join(pourer, NULL);
    double lasted_s = (bench_now_ms() - from_ms) / 1000;
    print("during", &flooded);
    broker_stop(bench->tls->broker);
    off_t bytes = look(bench).bytes;
    printf("%ld messages in %.1f s: %.0f a second; %d saves, then %lld bytes; "
           "%d of %d alerts lost\n",
           bench->poured, lasted_s, (double)bench->poured / lasted_s, saves,
           (long long)bytes, bench->lost, bench->sent);
    return bench->lost == 0 && saves <= 1 + (int)(lasted_s / 60) && bytes > 0 &&
                   bytes < STORE_MOST_BYTES
               ? 0
               : 1;
}

int main(int argc, char **argv)
{
    struct bench bench = {.seconds = argc > 1 ? atoi(argv[1]) : SECONDS};
    void *state = NULL;

    if (bench.seconds <= 0 || tls_open(&state) != 0)
        return 2;
    bench.tls = state;
    bench.publisher = tls_peer(bench.tls, "li", "operator");
    bench.screen = tls_peer(bench.tls, "lobby-1", "screen");
    int code = peer_wait_connected(bench.publisher, 1) &&
                       peer_wait_connected(bench.screen, 1) &&
                       peer_subscribe(bench.screen,
                                      "gaoshi/1/erqi/down/all/alert/flood")
                   ? run(&bench)
                   : 1;
    peer_destroy(bench.publisher);
    peer_destroy(bench.screen);
    tls_close(&state);
    return code;
}
