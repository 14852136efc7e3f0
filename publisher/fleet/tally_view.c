/* Prints tallies. */
#include "publisher/fleet/tally_view.h"

#include "base/language.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "publisher/cli/tell.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR_COLUMNS = 20, LINE_BYTES = 320, NAMES_A_LINE = 12 };

static size_t say(char *out, size_t used, size_t size, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static size_t say(char *out, size_t used, size_t size, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    int length = tr_format(out + used, size - used, format, list);
    va_end(list);
    return length > 0 && used + (size_t)length < size ? used + (size_t)length
                                                      : used;
}

/* «shown on 9120 of 10000, refused 12, offline 800, waiting 68 (60 taken in)»
 */
static void describe(const struct tally_message *message,
                     const struct tally_counts *counts, char *out, size_t size)
{
    int thousandths = tally_thousandths(counts);
    size_t used = say(out, 0, size, "%s on %zu of %zu (%d.%d %%)",
                      tr(tally_class_name(message, TALLY_REACHED)),
                      counts->classes[TALLY_REACHED], counts->expected,
                      thousandths / 10, thousandths % 10);

    for (int class = TALLY_REFUSING; class < TALLY_CLASSES; class ++)
        if (counts->classes[class] > 0)
            used = say(out, used, size, ", %s %zu",
                       tr(tally_class_name(message, (enum tally_class) class)),
                       counts->classes[class]);
    if (counts->taken > 0)
        used = say(out, used, size, " (%zu taken in)", counts->taken);
    if (counts->unlisted > 0)
        say(out, used, size, ", not in the inventory %zu", counts->unlisted);
}

static void draw_bar(int thousandths, char out[BAR_COLUMNS + 1])
{
    int filled = thousandths * BAR_COLUMNS / 1000;

    for (int i = 0; i < BAR_COLUMNS; i++)
        out[i] = i < filled ? '#' : '.';
    out[BAR_COLUMNS] = '\0';
}

/* The cursor stays at the first line, so that a line that is told meanwhile
 * takes its place. What stood there before is cleared. */
static void draw(const struct tally *tally)
{
    struct winsize window = {.ws_row = 24, .ws_col = 80};
    size_t lines = 0;

    ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
    size_t most = window.ws_row > 3 ? window.ws_row - 2U : 1;
    fputs("\r\033[J", stderr);
    for (size_t i = 0; i < tally->count && lines < most; i++, lines++) {
        struct tally_counts counts = tally_count(tally, i);
        char bar[BAR_COLUMNS + 1], text[LINE_BYTES], line[2 * LINE_BYTES];
        draw_bar(tally_thousandths(&counts), bar);
        describe(&tally->messages[i], &counts, text, sizeof text);
        snprintf(line, sizeof line, "%s [%s] %s", tally->messages[i].id, bar,
                 text);
        size_t bytes = utf8_fitting(line,
                                    window.ws_col > 1 ? window.ws_col - 1 : 79);
        language_print(stderr, "%.*s\n", (int)bytes, line);
    }
    if (lines > 0)
        fprintf(stderr, "\033[%zuA", lines);
    fflush(stderr);
}

static struct tally_counts count_all(const struct tally *tally)
{
    struct tally_counts all = {.expected = 0};

    for (size_t i = 0; i < tally->count; i++) {
        struct tally_counts counts = tally_count(tally, i);
        all.expected += counts.expected;
        all.taken += counts.taken;
        all.unlisted += counts.unlisted;
        for (int class = 0; class < TALLY_CLASSES; class ++)
            all.classes[class] += counts.classes[class];
    }
    return all;
}

/* The one message, or the sum of all. */
static void tell_state(struct tally_view *view, const struct tally *tally)
{
    struct tally_counts counts = count_all(tally);
    char text[LINE_BYTES], line[sizeof view->told];

    describe(&tally->messages[0], &counts, text, sizeof text);
    if (tally->count == 1)
        snprintf(line, sizeof line, "%s %.80s", tally->messages[0].id, text);
    else
        snprintf(line, sizeof line, tr("%zu messages %.80s"), tally->count,
                 text);
    if (strcmp(line, view->told) != 0)
        tell_line("%s", line);
    memcpy(view->told, line, sizeof view->told);
}

int64_t tally_view_update(struct tally_view *view, const struct tally *tally,
                          int64_t now_ms)
{
    bool terminal = tell_can_overwrite();
    int64_t step_ms = terminal ? TALLY_VIEW_DRAW_MS : TALLY_VIEW_LINE_MS;

    if (tally->count == 0)
        return INT64_MAX;
    if (view->drawn_ms > 0 && now_ms < view->drawn_ms + step_ms)
        return view->drawn_ms + step_ms;
    /* Without a terminal the first line waits, too: often all is over by then.
     */
    if (terminal)
        draw(tally);
    else if (view->drawn_ms > 0)
        tell_state(view, tally);
    view->drawn_ms = now_ms;
    return now_ms + step_ms;
}

void tally_view_clear(const struct tally_view *view)
{
    if (view->drawn_ms > 0 && tell_can_overwrite())
        fputs("\r\033[J", stderr);
}

static const char *id_of(const struct tally *tally, size_t screen)
{
    return tally->roster->screens[screen].id;
}

static void print_refusal(const struct tally *tally, size_t message,
                          size_t screen)
{
    const struct tally_refusal *refusal = tally_find_refusal(tally, message,
                                                             screen);
    const char *id = tally->messages[message].id;

    if (refusal)
        tell_result("%s refused by %s: %s%s%s", id, id_of(tally, screen),
                    tr(refusal->reason), refusal->text[0] ? tr(": ") : "",
                    tr(refusal->text));
    else
        tell_result("%s refused by %s", id, id_of(tally, screen));
}

/* The names of a class, some in a line. */
struct names {
    const char *message;
    const char *word, *why; /* why: "" or words behind the first one */
    char line[1000];
    size_t in_line, count;
};

static void flush_names(struct names *names)
{
    if (names->in_line > 0)
        tell_result("%s %s%s: %s", names->message, names->word, names->why,
                    names->line);
    names->in_line = 0;
}

static void add_name(struct names *names, const char *id)
{
    if (++names->count > TALLY_VIEW_NAMES)
        return;
    size_t used = names->in_line > 0 ? strlen(names->line) : 0;
    say(names->line, used, sizeof names->line, "%s%s",
        names->in_line > 0 ? ", " : "", id);
    if (++names->in_line == NAMES_A_LINE)
        flush_names(names);
}

static void finish_names(struct names *names)
{
    flush_names(names);
    if (names->count > TALLY_VIEW_NAMES)
        tell_result("%s %s%s: and %zu more; --json names them", names->message,
                    names->word, names->why, names->count - TALLY_VIEW_NAMES);
}

static void print_class(const struct tally *tally, size_t message,
                        enum tally_class wanted)
{
    const struct tally_message *about = &tally->messages[message];
    struct names names = {.message = about->id,
                          .word = tr(tally_class_name(about, wanted)),
                          .why = ""};

    for (size_t i = 0; i < tally->roster->count; i++) {
        enum tally_class class;
        if (!tally_class_of(tally, message, i, &class) || class != wanted)
            continue;
        if (wanted != TALLY_REFUSING)
            add_name(&names, id_of(tally, i));
        else if (++names.count <= TALLY_VIEW_NAMES)
            print_refusal(tally, message, i);
    }
    finish_names(&names);
}

/* Those that are online: which did not answer, and which took the message in
 * and did not show it. */
static void print_waiting(const struct tally *tally, size_t message,
                          bool taken_in)
{
    const struct tally_message *about = &tally->messages[message];
    struct names names = {.message = about->id,
                          .word = tr(tally_class_name(about, TALLY_WAITING)),
                          .why = taken_in ? tr(", taken in but not shown")
                                          : tr(", online without an answer")};

    for (size_t i = 0; i < tally->roster->count; i++) {
        enum tally_class class;
        if (tally_class_of(tally, message, i, &class) &&
            class == TALLY_WAITING &&
            (tally_step_of(tally, message, i) == TALLY_VERIFIED) == taken_in)
            add_name(&names, id_of(tally, i));
    }
    finish_names(&names);
}

static void print_total(const struct tally *tally, size_t number)
{
    const struct tally_message *message = &tally->messages[number];
    struct tally_counts counts = tally_count(tally, number);
    char text[LINE_BYTES], time[48] = "";

    describe(message, &counts, text, sizeof text);
    if (message->last_after_ms >= 0)
        snprintf(time, sizeof time, tr("; the last after %" PRId64 " ms"),
                 message->last_after_ms);
    tell_result("%s %s%s", message->id, text, time);
}

void tally_view_print_totals(const struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++)
        print_total(tally, i);
}

void tally_view_print(const struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++) {
        print_total(tally, i);
        print_class(tally, i, TALLY_REFUSING);
        print_waiting(tally, i, false);
        print_waiting(tally, i, true);
        print_class(tally, i, TALLY_OFFLINE);
        print_class(tally, i, TALLY_SILENT);
    }
    if (tally->roster->passed_over > 0)
        tell_line("%zu lines of screens that are in no inventory were passed "
                  "over: there were too many names",
                  tally->roster->passed_over);
}

/* Bytes that are no UTF-8 cannot come here: JSON was read. */
static json_t *refusal_object(const struct tally *tally, size_t message,
                              size_t screen)
{
    const struct tally_refusal *refusal = tally_find_refusal(tally, message,
                                                             screen);

    return json_pack("{s:s, s:s*, s:s*}", "screen", id_of(tally, screen),
                     "reason", refusal ? refusal->reason : NULL, "text",
                     refusal && refusal->text[0] ? refusal->text : NULL);
}

static json_t *message_object(const struct tally *tally, size_t message)
{
    const struct tally_message *about = &tally->messages[message];
    struct tally_counts counts = tally_count(tally, message);
    json_t *object = json_pack(
        "{s:s, s:I, s:s, s:i, s:i, s:i, s:i}", "message", about->id, "seq",
        (json_int_t)about->seq, "scope", about->scope, "expected",
        (int)counts.expected, "reached", (int)counts.classes[TALLY_REACHED],
        "taken_in", (int)counts.taken, "unlisted", (int)counts.unlisted);

    if (about->last_after_ms >= 0)
        json_object_set_new(object, "last_after_ms",
                            json_integer(about->last_after_ms));
    for (int wanted = 0; wanted < TALLY_CLASSES; wanted++)
        json_object_set_new(object,
                            tally_class_name(about, (enum tally_class)wanted),
                            json_array());
    json_object_set_new(object, "not_shown", json_array());
    for (size_t i = 0; i < tally->roster->count; i++) {
        enum tally_class class;
        if (!tally_class_of(tally, message, i, &class))
            continue;
        json_array_append_new(
            json_object_get(object, tally_class_name(about, class)),
            class == TALLY_REFUSING ? refusal_object(tally, message, i)
                                    : json_string(id_of(tally, i)));
        if (class == TALLY_WAITING &&
            tally_step_of(tally, message, i) == TALLY_VERIFIED)
            json_array_append_new(json_object_get(object, "not_shown"),
                                  json_string(id_of(tally, i)));
    }
    return object;
}

void tally_view_print_json(const struct tally *tally, int least_thousandths)
{
    json_t *messages = json_array();

    for (size_t i = 0; i < tally->count; i++)
        json_array_append_new(messages, message_object(tally, i));
    json_t *all = json_pack("{s:o}", "messages", messages);
    if (least_thousandths >= 0)
        json_object_set_new(
            all, "enough",
            json_boolean(tally_view_is_enough(tally, least_thousandths)));
    tell_json(all);
}

bool tally_view_is_enough(const struct tally *tally, int least_thousandths)
{
    for (size_t i = 0; i < tally->count; i++) {
        struct tally_counts counts = tally_count(tally, i);
        if (counts.classes[TALLY_REACHED] * 1000 <
            counts.expected * (size_t)least_thousandths)
            return false;
    }
    return true;
}
