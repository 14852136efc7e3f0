/* A screen's long day in short: panels stream in, alerts are raised and ended,
 * operators come and go, the broker is restarted. Once a second what the
 * display uses is written into a table; at the end stands what became of its
 * memory and descriptors, and whether an alert was lost. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/broker.h"
#include "tests/support/process.h"
#include "tests/support/vitals.h"

enum {
    CYCLE_MS = 10000,
    RESTART_EVERY = 6, /* cycles: the broker */
    PANELS = 40,       /* slots in use */
    PANELS_A_CYCLE = 5,
    ALERT_STANDS_MS = 3000,
    JUDGED_AFTER_S = 600, /* of a shorter run memory tells nothing */
    GROWTH_KIB_AN_HOUR = 4096,
    FILES_MOST = 64,
};

struct sample {
    double at_s;
    struct vitals vitals;
};

struct soak {
    struct bench_fixture bench;
    FILE *table;
    double begin_ms, end_ms, sampled_ms;
    struct sample *samples;
    size_t count, capacity;
    int64_t seq;
    int cycles, restarts, panels, shown, lost;
    int64_t frames, frames_late; /* as the display last said */
    double cpu_begin_ms;
    bool ended; /* the display did, by itself */
};

static void keep(struct soak *soak, const struct sample *sample)
{
    if (soak->count == soak->capacity) {
        soak->capacity = soak->capacity ? 2 * soak->capacity : 1024;
        soak->samples = realloc(soak->samples,
                                soak->capacity * sizeof *soak->samples);
        if (!soak->samples)
            abort();
    }
    soak->samples[soak->count++] = *sample;
}

static void sample(struct soak *soak)
{
    struct sample now = {.at_s = (bench_now_ms() - soak->begin_ms) / 1e3};

    if (!vitals_read(soak->bench.display, &now.vitals)) {
        soak->ended = true;
        return;
    }
    keep(soak, &now);
    fprintf(
        soak->table,
        "%.0f\t%ld\t%d\t%d\t%.0f\t%" PRId64 "\t%" PRId64 "\t%d\t%d\t%d\t%d\n",
        now.at_s, now.vitals.resident_kib, now.vitals.files, now.vitals.threads,
        now.vitals.cpu_ms, soak->frames, soak->frames_late, soak->panels,
        soak->shown, soak->lost, soak->restarts);
    fflush(soak->table);
}

/* Lets time pass, with a sample each second. */
static void pass(struct soak *soak, double until_ms)
{
    while (!soak->ended && bench_now_ms() < until_ms) {
        double next_ms = soak->sampled_ms + 1e3;
        double now_ms = bench_now_ms();
        double pause_ms = (next_ms < until_ms ? next_ms : until_ms) - now_ms;
        if (pause_ms > 0)
            bench_pause(pause_ms);
        if (bench_now_ms() < next_ms)
            continue;
        sample(soak);
        soak->sampled_ms = next_ms;
    }
}

/* content NULL: a removal has none. */
static bool send(struct soak *soak, struct peer *peer, const char *kind,
                 const char *id, const char *content)
{
    const struct signer_message message = {
        .kind = kind,
        .id = id,
        .seq = ++soak->seq,
        .content = content,
        .expires_in_s = strcmp(kind, "alert") == 0 ? 3600 : 0};

    return signer_publish(soak->bench.signer, peer, &message);
}

__attribute__((format(printf, 5, 6))) static bool
publish(struct soak *soak, struct peer *peer, const char *kind, const char *id,
        const char *format, ...)
{
    char content[1024];
    va_list values;

    va_start(values, format);
    vsnprintf(content, sizeof content, format, values);
    va_end(values);
    return send(soak, peer, kind, id, content);
}

/* New values, and new words now and then; a slot is emptied at times. */
static void push_panels(struct soak *soak, struct peer *peer)
{
    for (int i = 0; i < PANELS_A_CYCLE; i++) {
        int slot = (soak->cycles * PANELS_A_CYCLE + i) % PANELS;
        char id[16];
        snprintf(id, sizeof id, "s%d", slot);
        if (soak->cycles % 7 == 6 && i == 0)
            send(soak, peer, "panel-removal", id, NULL);
        else if (i % 2)
            soak->panels += publish(
                soak, peer, "panel", id,
                "{\"template\": \"figure\", \"section\": \"quality\", "
                "\"title\": \"第%d号指标\", \"figures\": [{\"value\": %d.5, "
                "\"unit\": \"万平方米\"}]}",
                slot, soak->cycles);
        else
            soak->panels += publish(
                soak, peer, "panel", id,
                "{\"template\": \"notice\", \"section\": \"general\", "
                "\"title\": \"通知 %d\", \"body\": \"第%d次更新，各社区请及"
                "时查看，并转告身边的老人。\", \"sender\": \"街道办事处\"}",
                slot, soak->cycles);
    }
}

struct awaited {
    struct peer *peer;
    size_t next;
    const char *id, *event;
};

static bool has_come(void *context)
{
    struct awaited *awaited = context;
    char id[64], event[64];

    snprintf(id, sizeof id, "\"message\":\"%s\"", awaited->id);
    snprintf(event, sizeof event, "\"event\":\"%s\"", awaited->event);
    while (awaited->next < peer_messages(awaited->peer)) {
        const struct peer_message *message = peer_wait_message(awaited->peer,
                                                               awaited->next++);
        if (strstr(message->payload, id) && strstr(message->payload, event))
            return true;
    }
    return false;
}

static bool wait_receipt(struct peer *peer, const char *id, const char *event)
{
    struct awaited awaited = {peer, 0, id, event};

    return process_wait_until(has_come, &awaited);
}

static void raise_and_cancel(struct soak *soak, struct peer *peer)
{
    static const char *const levels[] = {"red", "orange", "yellow", "blue"};
    char id[32];

    snprintf(id, sizeof id, "a%d", soak->cycles);
    publish(soak, peer, "alert", id,
            "{\"status\": \"actual\", \"type\": \"alert\", \"level\": \"%s\", "
            "\"urgency\": \"immediate\", \"certainty\": \"likely\", \"event\": "
            "\"暴雨\", \"headline\": \"暴雨预警第%d次\", \"instruction\": "
            "\"停止外出，离开低洼处\", \"area\": \"全区\", \"sender\": "
            "\"应急值班室\"}",
            levels[soak->cycles % 4], soak->cycles);
    if (wait_receipt(peer, id, "shown"))
        soak->shown++;
    else
        soak->lost++;
    pass(soak, bench_now_ms() + ALERT_STANDS_MS);
    publish(soak, peer, "alert-cancel", id,
            "{\"status\": \"actual\", \"event\": \"暴雨\", \"reason\": "
            "\"雨已停\"}");
    if (!wait_receipt(peer, id, "ended"))
        soak->lost++;
}

static void note_state(struct soak *soak, struct peer *peer)
{
    for (size_t i = 0; i < peer_messages(peer); i++) {
        const struct peer_message *message = peer_wait_message(peer, i);
        json_t *state = strstr(message->topic, "/state")
                            ? json_loads(message->payload, 0, NULL)
                            : NULL;
        const json_t *frames = json_object_get(state, "frames");
        if (frames) {
            soak->frames = json_integer_value(frames);
            soak->frames_late =
                json_integer_value(json_object_get(state, "frames_late"));
        }
        json_decref(state);
    }
}

/* An operator comes, works, and goes. */
static bool work(struct soak *soak)
{
    struct peer *peer = peer_connect(broker_url(soak->bench.broker), "soak");
    bool good = peer &&
                peer_subscribe(peer, "gaoshi/1/erqi/screen/lobby-1/receipt") &&
                peer_subscribe(peer, "gaoshi/1/erqi/screen/lobby-1/state");

    if (good) {
        push_panels(soak, peer);
        raise_and_cancel(soak, peer);
        note_state(soak, peer);
    }
    peer_destroy(peer);
    return good;
}

static bool cycle(struct soak *soak)
{
    double until_ms = bench_now_ms() + CYCLE_MS;
    bool good = work(soak);

    soak->cycles++;
    if (good && soak->cycles % RESTART_EVERY == 1) {
        broker_stop(soak->bench.broker);
        pass(soak, bench_now_ms() + 1e3);
        good = broker_restart(soak->bench.broker);
        soak->restarts += good;
    }
    pass(soak, until_ms < soak->end_ms ? until_ms : soak->end_ms);
    return good;
}

/* Least squares over the second half. */
static double slope_kib_an_hour(const struct soak *soak)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;

    for (size_t i = soak->count / 2; i < soak->count; i++) {
        double at_h = soak->samples[i].at_s / 3600;
        double kib = (double)soak->samples[i].vitals.resident_kib;
        n += 1;
        x += at_h;
        y += kib;
        xx += at_h * at_h;
        xy += at_h * kib;
    }
    double spread = n * xx - x * x;
    return spread > 0 ? (n * xy - x * y) / spread : 0;
}

struct most {
    long resident_kib;
    int files, threads;
};

static struct most most_of(const struct soak *soak)
{
    struct most most = {0};

    for (size_t i = 0; i < soak->count; i++) {
        const struct vitals *vitals = &soak->samples[i].vitals;
        if (vitals->resident_kib > most.resident_kib)
            most.resident_kib = vitals->resident_kib;
        if (vitals->files > most.files)
            most.files = vitals->files;
        if (vitals->threads > most.threads)
            most.threads = vitals->threads;
    }
    return most;
}

static bool tell(const struct soak *soak, int status)
{
    if (soak->count == 0)
        return false;
    const struct sample *last = &soak->samples[soak->count - 1];
    struct most most = most_of(soak);
    double slope = slope_kib_an_hour(soak);
    double cpu_ms = last->vitals.cpu_ms - soak->cpu_begin_ms;

    printf("%.0f s, %d cycles, %d restarts of the broker, %d panels\n",
           last->at_s, soak->cycles, soak->restarts, soak->panels);
    printf("alerts: %d shown, %d lost\n", soak->shown, soak->lost);
    printf("resident memory: %ld KiB at most, %ld at the end; ",
           most.resident_kib, last->vitals.resident_kib);
    if (last->at_s < JUDGED_AFTER_S)
        printf("too short a run to tell whether it grows\n");
    else
        printf("%+.0f KiB an hour over the second half\n", slope);
    printf("descriptors: %d at most, %d at the end; threads: %d at most\n",
           most.files, last->vitals.files, most.threads);
    printf("frames: %" PRId64 ", left out: %" PRId64 "; %.1f %% of a core\n",
           soak->frames, soak->frames_late,
           last->at_s > 0 ? cpu_ms / (10 * last->at_s) : 0);
    printf("the display ended with %d%s\n", status,
           soak->ended ? ", before its time" : "");
    bool flat = last->at_s < JUDGED_AFTER_S || slope < GROWTH_KIB_AN_HOUR;
    return !soak->ended && status == 0 && soak->shown > 0 && soak->lost == 0 &&
           most.files < FILES_MOST && flat;
}

static bool begin(struct soak *soak, int seconds, const char *file)
{
    const struct bench_options options = {
        .width = 960, .height = 540, .dwell_ms = 4000, .panel_count = 4};
    struct vitals vitals;

    soak->table = fopen(file, "we");
    if (!soak->table) {
        perror(file);
        return false;
    }
    fprintf(soak->table,
            "second\tresident_kib\tfiles\tthreads\tcpu_ms\tframes\t"
            "frames_late\tpanels\tshown\tlost\trestarts\n");
    if (!bench_open(&soak->bench, &options) ||
        !vitals_read(soak->bench.display, &vitals))
        return false;
    soak->cpu_begin_ms = vitals.cpu_ms;
    soak->seq = 1000;
    soak->begin_ms = soak->sampled_ms = bench_now_ms();
    soak->end_ms = soak->begin_ms + 1e3 * seconds;
    return true;
}

int main(int argc, char **argv)
{
    static struct soak soak;
    int seconds = argc == 3 ? atoi(argv[1]) : 0;

    if (seconds < 1) {
        fprintf(stderr, "soak SECONDS TABLE; tests/soak/run is the command\n");
        return 2;
    }
    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    bool good = begin(&soak, seconds, argv[2]);
    while (good && !soak.ended && bench_now_ms() < soak.end_ms)
        good = cycle(&soak);
    int status = bench_close(&soak.bench);
    good = tell(&soak, status) && good;
    if (soak.table)
        fclose(soak.table);
    free(soak.samples);
    return good ? 0 : 1;
}
