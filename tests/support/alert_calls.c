#include "tests/support/alert_calls.h"

#include <X11/Xlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/folder.h"

enum { SEEN_LIMIT_MS = 60000 }; /* strace makes everything slow */

bool alert_calls_are_counted(void)
{
    return system("strace -qq -o /dev/null true >/dev/null 2>&1") == 0;
}

/* The first bytes of MIT-SHM's PutImage as strace writes them: opcodes are
 * numbered by the server, each byte in octal. */
static bool find_request(char out[16])
{
    Display *x = XOpenDisplay(NULL);
    int opcode = 0, event, error;
    bool found = x && XQueryExtension(x, "MIT-SHM", &opcode, &event, &error);

    snprintf(out, 16, "\\%o\\3", (unsigned)opcode);
    if (x)
        XCloseDisplay(x);
    return found;
}

/* A call that waited in another thread has two lines; the first does not
 * count. */
static bool is_a_call(const char *line)
{
    return !strstr(line, "<unfinished ...>") && !strstr(line, "+++ exited") &&
           !strstr(line, "--- SIG");
}

/* -1: the alert or its frame is not in the trace. */
static int count(const struct bench_fixture *bench, const char *id,
                 const char *request)
{
    char *text = folder_read(bench->folder, "trace"), *rest = NULL;
    char topic[64];
    int calls = -1;
    bool shown = false;

    snprintf(topic, sizeof topic, "/alert/%s", id);
    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line && !shown;
         line = strtok_r(NULL, "\n", &rest)) {
        if (calls >= 0) {
            calls += is_a_call(line);
            shown = strstr(line, request) != NULL;
        } else if (strstr(line, topic)) {
            calls = 0;
        }
    }
    free(text);
    return shown ? calls : -1;
}

static bool show(struct bench_fixture *bench, const char *id, double rest_ms)
{
    enum { SETTLE_MS = 300 };
    double moment_ms;

    bench_pause(rest_ms);
    if (!bench_raise(bench, id, bench_order, &moment_ms) ||
        !bench_collect(bench) ||
        bench_watch(bench_alert_stands, bench, SEEN_LIMIT_MS) < 0)
        return false;
    bench_pause(SETTLE_MS);
    return bench_cancel(bench, id) && bench_collect(bench) &&
           bench_watch(bench_alert_is_gone, bench, SEEN_LIMIT_MS) > 0;
}

bool alert_calls_count(struct bench_fixture *bench, double rest_ms, int *cold,
                       int *warm)
{
    char request[16];

    if (!find_request(request) || bench_stop_display(bench) != 0)
        return false;
    bench->options.traced = true;
    bool shown = bench_start_display(bench) &&
                 show(bench, "calls-cold", rest_ms) &&
                 show(bench, "calls-warm", rest_ms);
    shown = bench_stop_display(bench) == 0 && shown;
    bench->options.traced = false;
    *cold = count(bench, "calls-cold", request);
    *warm = count(bench, "calls-warm", request);
    return shown && *cold > 0 && *warm > 0;
}
