/* Does one fault after the other to a real screen and prints a table of what
 * became of the glass. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/fault.h"
#include "tests/faults/space.h"

static const struct fault *const families[] = {
    display_faults, store_faults, broker_faults,   line_faults,    odd_faults,
    lie_faults,     flood_faults, operator_faults, program_faults,
};

enum { FAMILIES = sizeof families / sizeof families[0], NAMES_MAX = 64 };

struct arguments {
    int times; /* 0: each its own */
    bool share, list;
    const char *names[NAMES_MAX];
    int name_count;
};

static const char head[] =
    "| fault | times | on the glass | lost | recovery, ms: median, max |\n"
    "|---|---|---|---|---|\n";

static bool is_wanted(const struct arguments *arguments, const char *name)
{
    for (int i = 0; i < arguments->name_count; i++) {
        if (strcmp(arguments->names[i], name) == 0)
            return true;
    }
    return arguments->name_count == 0;
}

static const struct fault *find(const char *name)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        for (const struct fault *fault = families[i]; fault->name; fault++) {
            if (strcmp(fault->name, name) == 0)
                return fault;
        }
    }
    return NULL;
}

static void list_all(void)
{
    for (size_t i = 0; i < FAMILIES; i++) {
        for (const struct fault *fault = families[i]; fault->name; fault++)
            printf("%-20s %5d  %s\n", fault->name, fault->times, fault->does);
    }
}

/* What the eye counted meanwhile. */
struct seen {
    unsigned long black, forged, all;
};

static struct seen seen_between(const struct eye_counts *before,
                                const struct eye_counts *after)
{
    struct seen seen = {0};

    for (int i = 0; i < SIGHT_COUNT; i++)
        seen.all += after->looks[i] - before->looks[i];
    seen.black = after->looks[SIGHT_BLACK] - before->looks[SIGHT_BLACK];
    seen.forged = after->looks[SIGHT_FORGED] - before->looks[SIGHT_FORGED];
    return seen;
}

static void print_figures(const char *before, struct distribution *figures)
{
    if (figures->count > 0)
        printf("%s%.0f, %.0f", before, distribution_at(figures, 0.5),
               distribution_at(figures, 1));
}

static void print_row(const struct fault *fault, struct outcome *out,
                      const struct seen *seen)
{
    printf("| %s | %d | ", fault->name, out->tried);
    if (out->skipped)
        printf("not tried: %s | | |\n", out->note);
    else if (out->failed)
        printf("FAILED%s%s | %d | |\n", out->note[0] ? ": " : "", out->note,
               out->lost);
    if (out->skipped || out->failed)
        return;
    printf("%s", out->wrong ? "SOMETHING ELSE" : "as it should be");
    if (seen->all > 0) /* none of an outbox */
        printf("; %lu looks, %lu black, %lu forged", seen->all, seen->black,
               seen->forged);
    printf("%s%s | %d | ", out->note[0] ? "; " : "", out->note, out->lost);
    print_figures("", &out->recovery_ms);
    print_figures(out->recovery_ms.count ? "; start " : "start ",
                  &out->start_ms);
    printf(" |\n");
    fflush(stdout);
}

/* False: something was lost, black or forged. */
static bool run_one(const struct fault *fault, struct eye *eye,
                    const struct pictures *pictures,
                    const struct arguments *arguments)
{
    struct outcome out = {0};
    struct fault_context context = {
        .eye = eye,
        .pictures = pictures,
        .times = arguments->times   ? arguments->times
                 : arguments->share ? fault->share
                                    : fault->times,
        .brief = arguments->share,
        .out = &out,
    };
    struct eye_counts before = eye_counts(eye);

    fprintf(stderr, "%s: %s, %d times\n", fault->name, fault->does,
            context.times);
    fault->run(fault, &context);
    struct eye_counts after = eye_counts(eye);
    struct seen seen = seen_between(&before, &after);
    print_row(fault, &out, &seen);
    bool good = !out.failed && !out.wrong && !out.lost && !seen.black &&
                !seen.forged;
    distribution_finish(&out.recovery_ms);
    distribution_finish(&out.start_ms);
    return good;
}

static int run_all(const struct arguments *arguments)
{
    struct pictures pictures = {0};
    struct eye *eye = eye_open();
    bool ready = eye && pictures_take(&pictures, eye);
    int bad = 0;

    if (!ready)
        fprintf(stderr, "faults: not even an undisturbed screen shows what it "
                        "should\n");
    else
        printf(head);
    for (size_t i = 0; ready && i < FAMILIES; i++) {
        for (const struct fault *fault = families[i]; fault->name; fault++) {
            bool left_out = arguments->share && fault->share == 0 &&
                            arguments->name_count == 0;
            if (!left_out && is_wanted(arguments, fault->name))
                bad += !run_one(fault, eye, &pictures, arguments);
        }
    }
    pictures_finish(&pictures);
    eye_close(eye);
    return ready && bad == 0 ? 0 : 1;
}

static bool read_arguments(int argc, char **argv, struct arguments *arguments)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--share") == 0) {
            arguments->share = true;
        } else if (strcmp(argv[i], "--list") == 0) {
            arguments->list = true;
        } else if (strcmp(argv[i], "--times") == 0 && i + 1 < argc) {
            arguments->times = atoi(argv[++i]);
            if (arguments->times <= 0)
                return false;
        } else if (!find(argv[i]) || arguments->name_count == NAMES_MAX) {
            fprintf(stderr, "faults: there is no fault '%s'; see --list\n",
                    argv[i]);
            return false;
        } else {
            arguments->names[arguments->name_count++] = argv[i];
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {0};

    if (!read_arguments(argc, argv, &arguments)) {
        fprintf(stderr, "usage: faults [--share] [--times N] [--list] "
                        "[FAULT…]\n");
        return 2;
    }
    if (arguments.list) {
        list_all();
        return 0;
    }
    space_begin();
    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    return run_all(&arguments);
}
