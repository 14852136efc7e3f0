/* Faults that have a program of their own among the tests: it is run, and its
 * end is the answer. */
#include "tests/faults/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/process.h"

enum { COMMAND_BYTES = 1100, SKIPPED = 77 };

static int run_with(const char *program, const char *test, int times)
{
    char command[COMMAND_BYTES];

    snprintf(command, sizeof command, "exec %s %s %d >&2", program,
             test ? test : "", times);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void run_program(const struct fault *fault,
                        struct fault_context *context)
{
    char *program = process_beside(fault->program);

    if (!program || access(program, X_OK) != 0) {
        fault_skip(context, "not built here");
        free(program);
        return;
    }
    int code = run_with(program, fault->test, context->times);
    free(program);
    if (code == SKIPPED) {
        fault_skip(context, "its program cannot run here");
        return;
    }
    context->out->tried = context->times;
    snprintf(context->out->note, sizeof context->out->note, "says %s",
             fault->test ? fault->test : fault->program);
    if (code != 0)
        fault_note_lost(context, fault->program, 0);
}

const struct fault program_faults[] = {
    {.name = "display-power",
     .does = "the store's power is cut: torn and dropped writes",
     .times = 2000,
     .run = run_program,
     .program = "tests_board",
     .test = "test_store_power"},
    {.name = "clock",
     .does = "the clock at 1970, a day ahead or behind, backwards",
     .times = 1,
     .run = run_program,
     .program = "tests_display",
     .test = "test_display_clock"},
    {.name = "lie-withheld",
     .does = "a broker that withholds, and one that freezes",
     .times = 1,
     .run = run_program,
     .program = "tests_display",
     .test = "test_withheld"},
    {.name = "screen-floods",
     .does = "a screen's certificate has the broker retain all that it can, so "
             "many seconds",
     .times = 30,
     .run = run_program,
     .program = "broker_bench"},
    {.name = NULL},
};
