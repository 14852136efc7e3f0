/* How long the display takes from its start to the first pixels, and what it
 * costs while a panel just stands there, and while an alert does, whose one
 * slow movement never ends: in a real window, with a broker. Prints figures;
 * judges nothing. */
#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/distribution.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

enum {
    STARTS = 10,
    REST_MS = 5000, /* after its entrance the panel is still */
    STAND_MS = 20000,
};

/* Of all threads of a process, those that ended not. */
struct usage {
    double cpu_ms;
    long wakes; /* times a thread went to sleep by itself */
};

static FILE *open_of(pid_t pid, const char *thread, const char *name)
{
    char path[320];

    snprintf(path, sizeof path, "/proc/%d/task/%s/%s", (int)pid, thread, name);
    return fopen(path, "re");
}

static void add_thread(pid_t pid, const char *thread, struct usage *usage)
{
    FILE *times = open_of(pid, thread, "schedstat");
    FILE *status = open_of(pid, thread, "status");
    char line[128];
    uint64_t ns = 0;
    long wakes;

    if (times && fscanf(times, "%" SCNu64, &ns) == 1)
        usage->cpu_ms += (double)ns / 1e6;
    while (status && fgets(line, sizeof line, status)) {
        if (sscanf(line, "voluntary_ctxt_switches: %ld", &wakes) == 1)
            usage->wakes += wakes;
    }
    if (times)
        fclose(times);
    if (status)
        fclose(status);
}

static struct usage usage_of(pid_t pid)
{
    char path[64];
    struct usage usage = {0};
    const struct dirent *entry;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    while (threads && (entry = readdir(threads)) != NULL) {
        if (entry->d_name[0] != '.')
            add_thread(pid, entry->d_name, &usage);
    }
    if (threads)
        closedir(threads);
    return usage;
}

/* The last words of the display: so many frames in so many turns. */
static void print_last_words(const struct bench_fixture *bench)
{
    char *log = folder_read(bench->folder, "display.log");
    const char *words = NULL;

    for (const char *at = log; at && (at = strstr(at, "ends after ")); at++)
        words = at;
    if (words)
        printf("the last display %.*s\n", (int)strcspn(words, "\n"), words);
    free(log);
}

static double measure_stand(const struct bench_fixture *bench, const char *what)
{
    bench_pause(REST_MS);
    struct usage before = usage_of(bench->display);
    struct usage server_before = usage_of(xvfb_pid(bench->xvfb));
    double begin_ms = bench_now_ms();
    bench_pause(STAND_MS);
    double lasted_ms = bench_now_ms() - begin_ms;
    struct usage after = usage_of(bench->display);
    struct usage server_after = usage_of(xvfb_pid(bench->xvfb));

    printf("%s stands, %.0f s: display %.3f %% of a core, %.1f wake-ups "
           "a second; X server %.3f %%\n",
           what, lasted_ms / 1e3,
           100 * (after.cpu_ms - before.cpu_ms) / lasted_ms,
           1e3 * (double)(after.wakes - before.wakes) / lasted_ms,
           100 * (server_after.cpu_ms - server_before.cpu_ms) / lasted_ms);
    return after.cpu_ms - before.cpu_ms;
}

static bool raise_alert(struct bench_fixture *bench)
{
    const struct signer_message message = {
        .kind = "alert",
        .id = "stands",
        .seq = 1,
        .content = "{\"status\": \"actual\", \"type\": \"alert\", \"level\": "
                   "\"red\", \"urgency\": \"immediate\", \"certainty\": "
                   "\"likely\", \"event\": \"暴雨\", \"headline\": "
                   "\"暴雨红色预警\", \"instruction\": "
                   "\"停止外出，离开低洼处\", \"area\": \"全区\", \"sender\": "
                   "\"应急值班室\"}",
        .expires_in_s = 3600};
    double moment_ms;

    return bench_publish(bench, &message, &moment_ms) && bench_collect(bench);
}

static bool measure_stands(struct bench_fixture *bench)
{
    double panel_ms = measure_stand(bench, "a panel");

    if (!raise_alert(bench))
        return false;
    double alert_ms = measure_stand(bench, "an alert");
    printf("an alert costs %.0f times what a panel costs\n",
           alert_ms / panel_ms);
    return true;
}

static bool stop(struct bench_fixture *bench)
{
    return bench_stop_display(bench) == 0;
}

/* In between an end in order: three crashes in a row are another matter. */
static bool crash(struct bench_fixture *bench)
{
    if (!stop(bench) || !bench_start_display(bench))
        return false;
    kill(bench->display, SIGKILL);
    int status = process_wait(bench->display);
    bench->display = 0;
    return status == 128 + SIGKILL;
}

static bool measure_starts(struct bench_fixture *bench,
                           bool (*end)(struct bench_fixture *),
                           const char *what)
{
    struct distribution starts = {0};
    bool good = true;

    for (int i = 0; good && i < STARTS; i++) {
        good = end(bench) && bench_start_display(bench);
        if (good)
            distribution_add(&starts, bench->start_ms);
    }
    printf("%s to first pixels, %zu times: min %.0f ms, median %.0f ms, "
           "max %.0f ms\n",
           what, starts.count, distribution_at(&starts, 0),
           distribution_at(&starts, 0.5), distribution_at(&starts, 1));
    distribution_finish(&starts);
    return good;
}

int main(void)
{
    const struct bench_options options = {
        .width = 1920, .height = 1080, .panel_count = 1};
    static struct bench_fixture bench;

    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    bool done = bench_open(&bench, &options) &&
                measure_starts(&bench, stop, "start") &&
                measure_starts(&bench, crash, "restart after a crash");
    if (done) {
        done = measure_stands(&bench) && bench_stop_display(&bench) == 0;
        print_last_words(&bench);
    }
    bench_close(&bench);
    return done ? 0 : 1;
}
