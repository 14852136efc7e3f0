/* A screen under a flood: four publishers pour ten thousand messages a second
 * through a real broker, forged, unsigned, too long, replayed and genuine,
 * into panel and alert topics, while alerts are raised and ended; or, with a
 * third word «alerts», the worst: forged alerts alone, under the name of a key
 * that may raise alerts, each in a topic of its own. Prints what became of
 * alerts, line, frames, memory and log. No time is judged; the exit code says
 * whether an alert was lost, the line went, or something was not bounded. */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/envelope.h"
#include "protocol/receipt.h"
#include "tests/support/broker.h"
#include "tests/support/distribution.h"
#include "tests/support/folder.h"
#include "tests/support/hose.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/signer.h"
#include "tests/support/vitals.h"

enum {
    PUBLISHERS = 4,
    RATE = 10000, /* a second, all together */
    SECONDS = 10,
    BEAT_MS = 10,
    GENUINE = 64,  /* signed panels, poured again and again */
    TOPICS = 3000, /* that forgers think of */
    LONG_BYTES = 60000,
    LONG_EVERY = 200,
    ALERT_PAUSE_MS = 400,
    /* Over what it had before: the inbox, what the MQTT library reads. */
    GROWTH_MOST_KIB = 96 * 1024,
    LOG_MOST_BYTES = 64 * 1024,
};

struct flood {
    char *folder;
    struct broker *broker;
    struct signer *signer;
    struct peer *peer;
    pid_t display;
    char key[LIMIT_KEY_ID_BYTES + 1]; /* its name, which is no secret */
    char *genuine[GENUINE];
    char topics[GENUINE][512];
    char *long_text;
    int rate, seconds;
    bool worst;
    atomic_bool ending;
    atomic_long poured;
    int alerts, lost;
    struct distribution latency;
};

struct pourer {
    struct flood *flood;
    int number;
    pthread_t thread;
};

static void pause_ms(long ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

static int64_t now_ms(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Forged with the name of the trusted key, or of another, or of none; the
 * signature is that of another message. */
static bool pour_forged(const struct flood *flood, int hose, unsigned n)
{
    static const char *const kinds[] = {"alert", "panel"};
    static const char other[] = "0123456789abcdef";
    const char *genuine = flood->genuine[n % GENUINE];
    char topic[128], payload[512];

    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/%s/f%u",
             kinds[n / 3 % 2], n % TOPICS);
    int bytes = snprintf(payload, sizeof payload,
                         "%.*s{\"gaoshi\": 1, \"kind\": \"alert\", \"n\": "
                         "%u}",
                         ENVELOPE_LINE_BYTES, genuine, n);
    if (n % 3 == 1)
        memcpy(payload + strlen("gaoshi1 "), other, LIMIT_KEY_ID_BYTES);
    if (n % 3 == 2)
        payload[0] = 'G';
    return hose_publish(hose, topic, payload, (size_t)bytes);
}

static bool pour_forged_alert(const struct flood *flood, int hose, unsigned n)
{
    char topic[128], payload[512];

    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/alert/f%u", n);
    int bytes = snprintf(payload, sizeof payload,
                         "%.*s{\"gaoshi\": 1, \"kind\": \"alert\", \"n\": "
                         "%u}",
                         ENVELOPE_LINE_BYTES, flood->genuine[0], n);
    return hose_publish(hose, topic, payload, (size_t)bytes);
}

static bool pour_one(const struct flood *flood, int hose, unsigned n)
{
    size_t nth = n / 4 % GENUINE;

    if (flood->worst)
        return pour_forged_alert(flood, hose, n);
    if (n % LONG_EVERY == 0)
        return hose_publish(hose, "gaoshi/1/erqi/down/all/alert/long",
                            flood->long_text, LONG_BYTES);
    if (n % 4 == 0)
        return hose_publish(hose, flood->topics[nth], flood->genuine[nth],
                            strlen(flood->genuine[nth]));
    return pour_forged(flood, hose, n);
}

static void *pour(void *context)
{
    struct pourer *pourer = context;
    struct flood *flood = pourer->flood;
    char id[32];
    unsigned n = (unsigned)pourer->number * 1000003;
    int64_t due_ms = now_ms(CLOCK_MONOTONIC);

    snprintf(id, sizeof id, "hose-%d", pourer->number);
    int hose = hose_open(broker_port(flood->broker), id);
    bool open = hose >= 0;
    while (open && !flood->ending) {
        int beat = flood->rate * BEAT_MS / 1000 / PUBLISHERS;
        for (int i = 0; i < beat && open; i++)
            open = pour_one(flood, hose, n++);
        flood->poured += beat;
        due_ms += BEAT_MS;
        int64_t left_ms = due_ms - now_ms(CLOCK_MONOTONIC);
        if (left_ms > 0)
            pause_ms(left_ms);
        else
            due_ms -= left_ms; /* it could not keep up: no catching up */
    }
    hose_close(hose);
    return NULL;
}

static bool seal_panels(struct flood *flood)
{
    for (int i = 0; i < GENUINE; i++) {
        char id[16];
        const struct signer_message panel = {
            .kind = "panel", .id = id, .seq = 1, .content = signer_figure};
        snprintf(id, sizeof id, "g%d", i);
        flood->genuine[i] = signer_seal(flood->signer, &panel);
        signer_topic(&panel, flood->topics[i]);
        if (!flood->genuine[i])
            return false;
    }
    snprintf(flood->key, sizeof flood->key, "%.*s", LIMIT_KEY_ID_BYTES,
             flood->genuine[0] + strlen("gaoshi1 "));
    flood->long_text = malloc(LONG_BYTES);
    if (flood->long_text) {
        memset(flood->long_text, 'x', LONG_BYTES);
        memcpy(flood->long_text, flood->genuine[0], ENVELOPE_LINE_BYTES);
    }
    return flood->long_text != NULL;
}

static pid_t start_display(const struct flood *flood)
{
    char *program = process_beside("gaoshi-display");
    char *log = folder_path(flood->folder, "display.log");
    char *store = folder_path(flood->folder, "store.db");
    const char *const words[] = {program,
                                 "--org",
                                 "erqi",
                                 "--screen",
                                 "lobby-1",
                                 "--broker",
                                 broker_url(flood->broker),
                                 "--trust",
                                 signer_file(flood->signer),
                                 "--store",
                                 store,
                                 "--headless",
                                 "1280x720",
                                 "--dwell",
                                 "1000",
                                 NULL};
    pid_t pid = program && log && store ? process_start(words, log, -1) : -1;

    free(program);
    free(log);
    free(store);
    return pid;
}

struct awaited {
    struct flood *flood;
    size_t next;
    const char *id;
    enum receipt_event event;
    int64_t at_ms;
};

static bool has_come(void *context)
{
    struct awaited *awaited = context;
    struct peer *peer = awaited->flood->peer;
    struct receipt receipt;

    while (awaited->next < peer_messages(peer)) {
        const struct peer_message *message = peer_wait_message(peer,
                                                               awaited->next++);
        if (!receipt_parse(message->payload, message->bytes, &receipt) ||
            receipt.event != awaited->event ||
            strcmp(receipt.message, awaited->id) != 0)
            continue;
        awaited->at_ms = receipt.at_ms;
        return true;
    }
    return false;
}

static bool raise_alert(struct flood *flood, const char *id)
{
    const struct signer_message alert = {
        .kind = "alert",
        .id = id,
        .seq = 1,
        .expires_in_s = 3600,
        .content = "{\"status\": \"actual\", \"type\": \"alert\", \"level\": "
                   "\"yellow\", \"event\": \"大风\", \"headline\": "
                   "\"大风黄色预警\", \"instruction\": \"远离广告牌\", "
                   "\"area\": \"全区\", \"sender\": \"应急值班室\"}"};
    struct awaited shown = {flood, peer_messages(flood->peer), id,
                            RECEIPT_SHOWN, 0};
    int64_t begin_ms = now_ms(CLOCK_REALTIME);

    flood->alerts++;
    if (!signer_publish(flood->signer, flood->peer, &alert) ||
        !process_wait_until(has_come, &shown)) {
        flood->lost++;
        return false;
    }
    distribution_add(&flood->latency, (double)(shown.at_ms - begin_ms));
    return true;
}

static void cancel_alert(struct flood *flood, const char *id)
{
    const struct signer_message cancel = {
        .kind = "alert-cancel",
        .id = id,
        .seq = 2,
        .content = "{\"status\": \"actual\", \"event\": \"大风\"}"};
    struct awaited ended = {flood, peer_messages(flood->peer), id,
                            RECEIPT_ENDED, 0};

    if (!signer_publish(flood->signer, flood->peer, &cancel) ||
        !process_wait_until(has_come, &ended))
        flood->lost++;
}

static void raise_alerts(struct flood *flood)
{
    int64_t until_ms = now_ms(CLOCK_MONOTONIC) + flood->seconds * 1000;
    char id[32];

    while (now_ms(CLOCK_MONOTONIC) < until_ms) {
        snprintf(id, sizeof id, "a%d", flood->alerts);
        if (raise_alert(flood, id))
            cancel_alert(flood, id);
        pause_ms(ALERT_PAUSE_MS);
    }
}

static double pour_and_raise(struct flood *flood)
{
    struct pourer pourers[PUBLISHERS];
    int64_t begin_ms = now_ms(CLOCK_MONOTONIC);

    for (int i = 0; i < PUBLISHERS; i++) {
        pourers[i] = (struct pourer){flood, i, 0};
        if (pthread_create(&pourers[i].thread, NULL, pour, &pourers[i]) != 0)
            abort();
    }
    raise_alerts(flood);
    flood->ending = true;
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(pourers[i].thread, NULL);
    return (double)(now_ms(CLOCK_MONOTONIC) - begin_ms) / 1e3;
}

static int count_lines(const char *text, const char *words)
{
    int count = 0;

    for (const char *at = text; at && (at = strstr(at, words)); at++)
        count++;
    return count;
}

static void print_lines(const char *text, const char *words)
{
    for (const char *at = text; at && (at = strstr(at, words)); at++)
        printf("  %.*s\n", (int)strcspn(at, "\n"), at);
}

static bool begin(struct flood *flood)
{
    flood->folder = folder_make();
    flood->broker = flood->folder ? broker_start(NULL) : NULL;
    flood->signer = flood->broker ? signer_create(flood->folder, "operator")
                                  : NULL;
    if (!flood->signer || !seal_panels(flood))
        return false;
    flood->peer = peer_connect(broker_url(flood->broker), "operator");
    flood->display = start_display(flood);
    return flood->peer && flood->display > 0 &&
           peer_subscribe(flood->peer, "gaoshi/1/erqi/screen/lobby-1/receipt") &&
           raise_alert(flood, "first");
}

static bool judge(struct flood *flood, double lasted_s,
                  const struct vitals *before, const struct vitals *after)
{
    int status = process_stop(flood->display);
    char *log = folder_read(flood->folder, "display.log");
    int downs = count_lines(log, "the line is down");
    size_t log_bytes = log ? strlen(log) : 0;

    printf("%ld messages in %.1f s: %.0f a second\n", (long)flood->poured,
           lasted_s, (double)flood->poured / lasted_s);
    printf("alerts: %d raised, %d lost; from publish to the presented frame: "
           "median %.0f ms, p90 %.0f ms, max %.0f ms\n",
           flood->alerts, flood->lost, distribution_at(&flood->latency, 0.5),
           distribution_at(&flood->latency, 0.9),
           distribution_at(&flood->latency, 1));
    printf("line: went %d times; log: %zu bytes\n", downs, log_bytes);
    printf("resident memory: %ld KiB before, %ld at most; descriptors: %d "
           "before, %d after; processor: %.0f %% of a core\n",
           before->resident_kib, after->peak_kib, before->files, after->files,
           (after->cpu_ms - before->cpu_ms) / lasted_s / 10);
    print_lines(log, "inbox: full");
    print_lines(log, "asked for again");
    print_lines(log, "display: ends after");
    free(log);
    return status == 0 && flood->lost == 0 && downs == 0 &&
           log_bytes < LOG_MOST_BYTES &&
           after->peak_kib - before->resident_kib < GROWTH_MOST_KIB &&
           after->files <= before->files;
}

static void finish(struct flood *flood)
{
    peer_destroy(flood->peer);
    signer_destroy(flood->signer);
    broker_destroy(flood->broker);
    folder_remove(flood->folder);
    free(flood->folder);
    for (int i = 0; i < GENUINE; i++)
        free(flood->genuine[i]);
    free(flood->long_text);
    distribution_finish(&flood->latency);
}

int main(int argc, char **argv)
{
    static struct flood flood;
    struct vitals before, after;

    flood.seconds = argc > 1 ? atoi(argv[1]) : SECONDS;
    flood.rate = argc > 2 ? atoi(argv[2]) : RATE;
    flood.worst = argc > 3 && strcmp(argv[3], "alerts") == 0;
    bool good = flood.seconds > 0 && flood.rate >= 1000 && begin(&flood) &&
                vitals_read(flood.display, &before);
    if (good) {
        double lasted_s = pour_and_raise(&flood);
        good = vitals_read(flood.display, &after) &&
               judge(&flood, lasted_s, &before, &after);
    }
    finish(&flood);
    return good ? 0 : 1;
}
