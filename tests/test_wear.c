/* What a screen costs the machine that it runs on: strace looks on. While an
 * alert stands no file is written or opened; a start that cannot
 * succeed is tried again in growing steps, told once, and syncs nothing.
 * Skipped where nobody may trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/road.h"

enum {
    LOOK_MS = 20000,   /* two turns of an alert's pages and more */
    MINUTES_MOST = 10, /* to wait for a minute of the trace */
    STATUS_BYTES = 1024,
};

/* Of how the last run ended. */
struct note {
    const char *folder, *name;
};

static const char traced[] =
    "trace=poll,ppoll,open,openat,creat,rename,unlink,write,pwrite64,writev,"
    "ftruncate,fsync,fdatasync";

static int count_lines(const char *folder, const char *file, const char *word)
{
    char *text = folder_read(folder, file);
    char *rest = NULL;
    int count = 0;

    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest))
        count += strstr(line, word) != NULL;
    free(text);
    return count;
}

/* A call on a file: opened or renamed, or a descriptor with a path. Not what
 * the kernel makes up: once a minute the memory in use is read. */
static bool is_on_a_file(const char *line)
{
    static const char *const named[] = {"open(",   "openat(", "creat(",
                                        "rename(", "unlink(", "ftruncate("};
    bool waits = strstr(line, "poll(") != NULL;

    if (strstr(line, "\"/proc/self/statm\""))
        return false;
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (strstr(line, named[i]))
            return true;
    }
    return !waits && strstr(line, "</");
}

static int count_on_files(const char *folder)
{
    char *text = folder_read(folder, "trace");
    char *rest = NULL;
    int count = 0;

    assert_non_null(text);
    for (char *line = strtok_r(text, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        if (!is_on_a_file(line))
            continue;
        print_message("%s\n", line);
        count++;
    }
    free(text);
    return count;
}

/* The note says it a minute after the start, in its one write of a run that
 * shows nothing new. */
static bool has_settled(void *context)
{
    const struct note *note = context;
    char *text = folder_read(note->folder, note->name);
    bool settled = text && strstr(text, "starts 0\n");

    free(text);
    return settled;
}

/* So long the trace lasts, by its own stamps. */
static double traced_ms(const struct road *road)
{
    char *text = folder_read(road->folder, "trace");
    double first = 0, last = 0;
    char *rest = NULL;

    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest)) {
        int unused;
        if (sscanf(line, "%d %lf", &unused, &last) == 2 && first == 0)
            first = last;
    }
    free(text);
    return (last - first) * 1000;
}

static bool has_looked(void *context)
{
    return traced_ms(context) >= LOOK_MS;
}

/* Each wait has a limit of its own, for what hangs. */
static void wait_minutes(bool (*is_so)(void *context), void *context)
{
    for (int waits = 0; waits < MINUTES_MOST; waits++) {
        if (process_wait_until(is_so, context))
            return;
    }
    fail();
}

static pid_t look_on(const struct road *road, pid_t pid)
{
    char *file = folder_path(road->folder, "trace");
    char *log = folder_path(road->folder, "strace.log");
    char number[16];
    const char *const words[] = {"strace", "-f", "-ttt", "-y", "-qq",  "-e",
                                 traced,   "-o", file,   "-p", number, NULL};

    snprintf(number, sizeof number, "%d", (int)pid);
    pid_t strace = process_start(words, log, -1);
    free(file);
    free(log);
    return strace;
}

/* Without --record, which writes pictures and a journal. */
static pid_t start_plain(const struct road *road)
{
    char *program = process_beside("gaoshi-display");
    char *log = folder_path(road->folder, "display.log");
    const char *const words[] = {program,
                                 "--org",
                                 "erqi",
                                 "--screen",
                                 "lobby-1",
                                 "--broker",
                                 broker_url(road->broker),
                                 "--trust",
                                 signer_file(road->signer),
                                 "--store",
                                 road->store,
                                 "--headless",
                                 "640x360",
                                 "--show-drills",
                                 NULL};
    pid_t pid = process_start(words, log, -1);

    assert_true(pid > 0);
    free(program);
    free(log);
    return pid;
}

static void check_look(struct road *road, struct note note)
{
    size_t heard = 0;

    assert_true(peer_subscribe(road->peer, "gaoshi/1/erqi/screen/#"));
    pid_t display = start_plain(road);
    road_push(road, "alert", "drill", 1, signer_drill);
    assert_true(road_hears(road->peer, &heard, "\"shown\""));
    wait_minutes(has_settled, &note);
    pid_t strace = look_on(road, display);
    wait_minutes(has_looked, road);
    process_stop(strace);
    assert_true(count_lines(road->folder, "trace", "poll(") > 0);
    assert_int_equal(count_on_files(road->folder), 0);
    assert_int_equal(process_stop(display), 0);
}

static void an_alert_that_stands_writes_no_file(void **state)
{
    struct road *road = *state;

    check_look(road, (struct note){road->folder, "store.db.run"});
}

/* As systemd has it. */
static void nor_does_it_where_the_note_lies_in_memory(void **state)
{
    struct road *road = *state;
    char *runtime = folder_make();

    setenv("RUNTIME_DIRECTORY", runtime, 1);
    check_look(road, (struct note){runtime, "display.run"});
    unsetenv("RUNTIME_DIRECTORY");
    assert_null(folder_read(road->folder, "store.db.run"));
    folder_remove(runtime);
    free(runtime);
}

struct manager {
    struct road *road;
    char *trust; /* not there at first */
    int socket;
    pid_t pid; /* of strace, whose child is the display */
};

static void listen_at(struct manager *manager, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval limit = {.tv_sec = PROCESS_LIMIT_MS / 1000};

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    manager->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(
        bind(manager->socket, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(setsockopt(manager->socket, SOL_SOCKET, SO_RCVTIMEO,
                                &limit, sizeof limit),
                     0);
}

static void start_supervised(struct manager *manager)
{
    const struct road *road = manager->road;
    char *notify = folder_path(road->folder, "notify");
    char *trace = folder_path(road->folder, "trace");
    char *log = folder_path(road->folder, "display.log");
    char *program = process_beside("gaoshi-display");
    const char *const words[] = {
        "strace",    "-f",           "-y",
        "-qq",       "-e",           traced,
        "-o",        trace,          program,
        "--org",     "erqi",         "--screen",
        "lobby-1",   "--broker",     broker_url(road->broker),
        "--trust",   manager->trust, "--store",
        road->store, "--headless",   "640x360",
        NULL};

    listen_at(manager, notify);
    setenv("NOTIFY_SOCKET", notify, 1);
    /* The sanitizer's search for leaks fails in a process that is traced. */
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1);
    manager->pid = process_start(words, log, -1);
    unsetenv("LSAN_OPTIONS");
    unsetenv("NOTIFY_SOCKET");
    assert_true(manager->pid > 0);
    free(program);
    free(log);
    free(trace);
    free(notify);
}

static void expect_status(const struct manager *manager, const char *status)
{
    char heard[STATUS_BYTES];

    do {
        ssize_t bytes = recv(manager->socket, heard, sizeof heard - 1, 0);
        if (bytes <= 0)
            fail_msg("never heard %s", status);
        heard[bytes] = '\0';
    } while (strncmp(heard, status, strlen(status)) != 0);
}

static int count_syncs(const struct manager *manager)
{
    return count_lines(manager->road->folder, "trace", "sync(");
}

/* The display leaves as soon as its stand-in of a service manager says so. */
static void stop_supervised(struct manager *manager)
{
    char children[64];
    int pid = 0;

    snprintf(children, sizeof children, "/proc/%d/task/%d/children",
             (int)manager->pid, (int)manager->pid);
    FILE *file = fopen(children, "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    assert_int_equal(kill(pid, SIGTERM), 0);
    assert_int_equal(process_wait(manager->pid), 0);
    close(manager->socket);
}

static void a_start_that_cannot_succeed_backs_off_and_is_told_once(void **state)
{
    struct manager manager = {.road = *state};
    const char *folder = manager.road->folder;

    manager.trust = folder_path(folder, "late.pem");
    start_supervised(&manager);
    expect_status(&manager, "STATUS=dark: ");
    double first_ms = bench_now_ms();
    expect_status(&manager, "STATUS=dark: ");
    expect_status(&manager, "STATUS=dark: ");
    assert_true(bench_now_ms() - first_ms > 2900); /* 1 s, then 2 s */
    assert_int_equal(count_lines(folder, "display.log", ""), 1);
    assert_int_equal(count_lines(folder, "display.log", "late.pem: No such"),
                     1);
    assert_int_equal(count_syncs(&manager), 0);
    stop_supervised(&manager);
    free(manager.trust);
}

static void a_start_succeeds_by_itself_once_it_can(void **state)
{
    struct manager manager = {.road = *state};

    manager.trust = folder_path(manager.road->folder, "late.pem");
    start_supervised(&manager);
    expect_status(&manager, "STATUS=dark: ");
    assert_int_equal(link(signer_file(manager.road->signer), manager.trust), 0);
    expect_status(&manager, "STATUS=normal");
    stop_supervised(&manager);
    free(manager.trust);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, road_open, road_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_alert_that_stands_writes_no_file),
        TEST(nor_does_it_where_the_note_lies_in_memory),
        TEST(a_start_that_cannot_succeed_backs_off_and_is_told_once),
        TEST(a_start_succeeds_by_itself_once_it_can),
    };

    if (system("strace -o /dev/null true 2>/dev/null") != 0) {
        puts("skipped: no strace, or it may not trace here");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
