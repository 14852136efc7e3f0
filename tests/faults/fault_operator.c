/* The operator's end: the publisher killed between signing and the broker's
 * answer, several of them at once, an outbox without room. */
#include "tests/faults/fault.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/faults/outbox_fixture.h"
#include "tests/faults/space.h"
#include "tests/support/folder.h"

enum {
    KILLED = 128 + SIGKILL,
    POINTS_MAX = 200, /* of one call, in one thread */
    BRIEF_STEP = 11,  /* the suite takes one point of so many */
    OPERATORS = 4,
    DISK_KB = 256,
    EXIT_OTHER_FAULT = 1,
};

/* The calls by which anything leaves the process or reaches a file. */
static const char *const calls[] = {
    "openat", "pwrite64", "write",   "fsync",  "fdatasync", "ftruncate",
    "unlink", "fcntl",    "connect", "sendto", "sendmsg",   "writev"};

static void note_outbox(struct fault_context *context,
                        struct outbox_fixture *publisher, const char *outbox,
                        int time)
{
    int missing = outbox_fixture_missing(publisher, outbox);

    if (missing != 0)
        fault_note_lost(context, "what the outbox had committed", time);
}

static void note_judgement(struct fault_context *context,
                           struct outbox_fixture *publisher)
{
    outbox_fixture_judge(publisher);
    if (publisher->doubled > 0)
        fault_note_wrong(context, "a number was used for two bodies", 0);
    if (publisher->unverified > 0)
        fault_note_wrong(context, "something was sent that no screen believes",
                         0);
}

/* Killed at the n-th time that a thread makes this call. False: it came to
 * its end before. */
static bool kill_at(struct fault_context *context,
                    struct outbox_fixture *publisher, const char *call, int n)
{
    char strace[160], id[64];

    snprintf(strace, sizeof strace,
             "strace -f -qq -o /dev/null -e trace=%s -e "
             "inject=%s:signal=SIGKILL:when=%d",
             call, call, n);
    snprintf(id, sizeof id, "%s-%d", call, n);
    int code = outbox_fixture_push(publisher, "outbox.db", id, strace);
    if (code != KILLED)
        return false;
    context->out->tried++;
    if (outbox_fixture_push(publisher, "outbox.db", "after", NULL) != 0)
        fault_note_lost(context, "the command after the kill failed",
                        context->out->tried);
    note_outbox(context, publisher, "outbox.db", context->out->tried);
    return true;
}

/* times is not asked: every point there is, or in the suite some of them. */
static void run_killed(const struct fault *fault, struct fault_context *context)
{
    struct outbox_fixture publisher;
    int step = context->brief ? BRIEF_STEP : 1;

    (void)fault;
    if (system("strace -o /dev/null true 2>/dev/null") != 0) {
        fault_skip(context, "no strace, or it may not trace here");
        return;
    }
    context->out->failed = !outbox_fixture_open(&publisher);
    for (size_t i = 0;
         !context->out->failed && i < sizeof calls / sizeof calls[0]; i++) {
        int n = context->brief ? 1 + (int)(i % BRIEF_STEP) : 1;
        while (n < POINTS_MAX && kill_at(context, &publisher, calls[i], n))
            n += step;
    }
    if (!context->out->failed)
        note_judgement(context, &publisher);
    outbox_fixture_close(&publisher);
}

/* One operator's process: pushes so many, its exit code says how it went. */
static pid_t start_operator(struct outbox_fixture *publisher,
                            const char *outbox, int operator, int pushes)
{
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    for (int i = 0; i < pushes; i++) {
        char id[32];
        snprintf(id, sizeof id, "o%d-%d", operator, i);
        if (outbox_fixture_push(publisher, outbox, id, NULL) != 0)
            _exit(1);
    }
    _exit(0);
}

static void push_at_once(struct fault_context *context, int files)
{
    static const char *const outboxes[] = {"one.db", "two.db"};
    struct outbox_fixture publisher;
    pid_t pids[OPERATORS];

    context->out->failed = !outbox_fixture_open(&publisher);
    publisher.apart = files > 1;
    for (int i = 0; !context->out->failed && i < OPERATORS; i++)
        pids[i] = start_operator(&publisher, outboxes[i % files], i,
                                 context->times);
    for (int i = 0; !context->out->failed && i < OPERATORS; i++) {
        int status = -1;
        if (pids[i] <= 0 || waitpid(pids[i], &status, 0) != pids[i] ||
            status != 0)
            fault_note_lost(context, "an operator's command failed", i);
    }
    for (int i = 0; !context->out->failed && i < files; i++)
        note_outbox(context, &publisher, outboxes[i], 0);
    context->out->tried = OPERATORS * context->times;
    if (!context->out->failed)
        note_judgement(context, &publisher);
    outbox_fixture_close(&publisher);
}

static void run_together(const struct fault *fault,
                         struct fault_context *context)
{
    (void)fault;
    push_at_once(context, 1);
}

static void run_apart(const struct fault *fault, struct fault_context *context)
{
    (void)fault;
    push_at_once(context, 2);
}

/* Nothing is sent, it is said why, and afterwards all is as before. */
static void expect_refusal(struct fault_context *context,
                           struct outbox_fixture *publisher, int time)
{
    size_t heard = peer_messages(publisher->ear);
    int code = outbox_fixture_push(publisher, "disk/outbox.db", "refused",
                                   NULL);
    char *said = outbox_fixture_said(publisher);

    if (code != EXIT_OTHER_FAULT || peer_messages(publisher->ear) != heard)
        fault_note_wrong(context, "it was sent, or ended with another code",
                         time);
    if (!said || !strstr(said, "outbox") || !strstr(said, "nothing was sent"))
        fault_note_wrong(context, said ? said : "nothing was said", time);
    free(said);
}

static void expect_push(struct fault_context *context,
                        struct outbox_fixture *publisher, int time)
{
    if (outbox_fixture_push(publisher, "disk/outbox.db", "good", NULL) != 0)
        fault_note_lost(context, "a command with room for it", time);
    note_outbox(context, publisher, "disk/outbox.db", time);
}

static void run_without_room(struct fault_context *context,
                             bool (*take)(const char *folder),
                             bool (*give)(const char *folder))
{
    struct outbox_fixture publisher;
    bool good = outbox_fixture_open(&publisher);
    char *disk = good ? folder_path(publisher.folder, "disk") : NULL;

    if (good && disk && (mkdir(disk, 0700) != 0 || !space_mount(disk, DISK_KB)))
        fault_skip(context, "no mounts");
    for (int time = 0;
         good && disk && !context->out->skipped && time < context->times;
         time++) {
        expect_push(context, &publisher, time);
        good = take(disk);
        expect_refusal(context, &publisher, time);
        good = give(disk) && good;
        expect_push(context, &publisher, time);
        context->out->tried++;
    }
    if (good)
        note_judgement(context, &publisher);
    context->out->failed = !good;
    if (disk)
        space_unmount(disk);
    free(disk);
    outbox_fixture_close(&publisher);
}

static void run_full(const struct fault *fault, struct fault_context *context)
{
    (void)fault;
    run_without_room(context, space_fill, space_free);
}

static void run_read_only(const struct fault *fault,
                          struct fault_context *context)
{
    (void)fault;
    run_without_room(context, space_forbid, space_allow);
}

const struct fault operator_faults[] = {
    {.name = "outbox-killed",
     .does = "the publisher is killed at every call of the system, one by one",
     .times = 1,
     .share = 1,
     .run = run_killed},
    {.name = "outbox-shared",
     .does = "four operators at once with one outbox, so many commands each",
     .times = 50,
     .share = 3,
     .run = run_together},
    {.name = "outbox-apart",
     .does = "four operators at once with two outboxes",
     .times = 50,
     .share = 3,
     .run = run_apart},
    {.name = "outbox-full",
     .does = "the outbox's disk is full, then has room again",
     .times = 50,
     .share = 1,
     .run = run_full},
    {.name = "outbox-read-only",
     .does = "the outbox's disk is read-only, then no more",
     .times = 50,
     .share = 1,
     .run = run_read_only},
    {.name = NULL},
};
