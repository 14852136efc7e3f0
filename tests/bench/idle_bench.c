/* How long the display takes from its start to the first pixels, and what it
 * costs while a panel just stands there, with a line and without, while an
 * alert does, whose one slow movement never ends, and while a programme of four
 * panels goes round with a ticker: in a real window, with a broker. Prints
 * lines of JSON; judges nothing.
 *
 * idle_bench [--quick]
 * idle_bench --starts 10      only the starts, so many, and what they count */
#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/broker.h"
#include "tests/support/distribution.h"
#include "tests/support/process.h"
#include "tests/support/vitals.h"

enum {
    CLEAR_MS = 21000, /* so long 解除 stands */
};

/* Of the whole run, or of one with --quick. */
struct extent {
    int starts;
    /* Before it is looked at: after its entrance a panel is still, and a minute
     * after its arrival an alert and what was noted of it are on the disk. */
    int rest_ms;
    int stand_ms, cycle_ms;
};

static const struct extent whole = {10, 65000, 20000, 60000},
                           quick = {4, 5000, 8000, 20000};

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

/* The newest change of a file beside the store, the log left out: it is the
 * standard error of the display, no file that it writes. */
static double newest_change(const struct bench_fixture *bench)
{
    DIR *folder = opendir(bench->folder);
    const struct dirent *entry;
    double newest = 0;

    while (folder && (entry = readdir(folder)) != NULL) {
        struct stat status;
        if (fstatat(dirfd(folder), entry->d_name, &status, 0) != 0 ||
            !S_ISREG(status.st_mode) || strstr(entry->d_name, ".log"))
            continue;
        double changed = (double)status.st_mtim.tv_sec +
                         (double)status.st_mtim.tv_nsec / 1e9;
        newest = changed > newest ? changed : newest;
    }
    if (folder)
        closedir(folder);
    return newest;
}

/* Its share of memory that it shares with others. */
static long pss_kib(pid_t pid)
{
    char path[64], line[256];
    long kib = -1;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "Pss: %ld", &kib);
    if (file)
        fclose(file);
    return kib;
}

static void measure_stand(const struct bench_fixture *bench, const char *what,
                          int rest_ms, int ms)
{
    bench_pause(rest_ms);
    double changed = newest_change(bench);
    struct usage before = usage_of(bench->display);
    struct usage server_before = usage_of(xvfb_pid(bench->xvfb));
    double begin_ms = bench_now_ms();
    bench_pause(ms);
    double lasted_ms = bench_now_ms() - begin_ms;
    struct usage after = usage_of(bench->display);
    struct usage server_after = usage_of(xvfb_pid(bench->xvfb));

    printf("{\"bench\": \"idle\", \"what\": \"%s\", \"seconds\": %.0f, "
           "\"core\": %.5f, \"wakes\": %.2f, \"server_core\": %.5f, "
           "\"files_written\": %s, \"pss_mib\": %.1f}\n",
           what, lasted_ms / 1e3, (after.cpu_ms - before.cpu_ms) / lasted_ms,
           1e3 * (double)(after.wakes - before.wakes) / lasted_ms,
           (server_after.cpu_ms - server_before.cpu_ms) / lasted_ms,
           newest_change(bench) > changed ? "true" : "false",
           (double)pss_kib(bench->display) / 1024);
    fflush(stdout);
}

static bool measure_stands(struct bench_fixture *bench,
                           const struct extent *extent)
{
    double moment_ms;

    measure_stand(bench, "a panel stands", extent->rest_ms, extent->stand_ms);
    if (!bench_raise(bench, "stands", bench_order, &moment_ms) ||
        !bench_collect(bench))
        return false;
    measure_stand(bench, "an alert stands", extent->rest_ms, extent->stand_ms);
    if (!bench_cancel(bench, "stands") || !bench_collect(bench))
        return false;
    broker_kill(bench->broker);
    bench_pause(CLEAR_MS);
    measure_stand(bench, "a panel stands, no line", extent->rest_ms,
                  extent->stand_ms);
    return true;
}

/* With its own broker and store. */
static bool measure_cycle(const struct extent *extent)
{
    const struct bench_options options = {
        .width = 1920,
        .height = 1080,
        .panel_count = BENCH_PANELS,
        .ticker = "防汛热线 0371-68186000，请远离低洼处；English 42 ★",
    };
    static struct bench_fixture bench;
    bool open = bench_open(&bench, &options);

    if (open)
        measure_stand(&bench, "four panels cycle with a ticker",
                      extent->rest_ms, extent->cycle_ms);
    return bench_close(&bench) == 0 && open;
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
                           const char *what, int count)
{
    struct distribution starts = {0}, touched = {0}, cpu = {0};
    struct vitals vitals;
    bool good = true;

    for (int i = 0; good && i < count; i++) {
        good = end(bench) && bench_start_display(bench);
        if (good) {
            distribution_add(&cpu, usage_of(bench->display).cpu_ms);
            distribution_add(&starts, bench->start_ms);
            if (vitals_read(bench->display, &vitals))
                distribution_add(&touched, (double)vitals.touched);
        }
    }
    printf("{\"bench\": \"idle\", \"what\": \"%s\", \"trials\": %zu, "
           "\"min\": %.0f, \"median\": %.0f, \"max\": %.0f, "
           "\"pages_touched\": %.0f, \"cpu_ms\": %.0f}\n",
           what, starts.count, distribution_at(&starts, 0),
           distribution_at(&starts, 0.5), distribution_at(&starts, 1),
           distribution_at(&touched, 0.5), distribution_at(&cpu, 0.5));
    fflush(stdout);
    distribution_finish(&starts);
    distribution_finish(&touched);
    distribution_finish(&cpu);
    return good;
}

static bool measure_all(struct bench_fixture *bench,
                        const struct extent *extent)
{
    return measure_starts(bench, stop, "start to first pixels",
                          extent->starts) &&
           measure_starts(bench, crash, "restart after a crash",
                          extent->starts) &&
           measure_stands(bench, extent);
}

int main(int argc, char **argv)
{
    int starts = argc > 2 && strcmp(argv[1], "--starts") == 0 ? atoi(argv[2])
                                                              : 0;
    const struct extent *extent = argc > 1 && strcmp(argv[1], "--quick") == 0
                                      ? &quick
                                      : &whole;
    const struct bench_options options = {
        .width = 1920, .height = 1080, .panel_count = 1};
    static struct bench_fixture bench;

    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    bool done = bench_open(&bench, &options) &&
                (starts > 0 ? measure_starts(&bench, stop,
                                             "start to first pixels", starts)
                            : measure_all(&bench, extent));
    done = bench_close(&bench) == 0 && done;
    return done && (starts > 0 || measure_cycle(extent)) ? 0 : 1;
}
