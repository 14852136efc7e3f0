/* plays: what a screen has shown, from its own log. */
#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "publisher/cli/tell.h"
#include "publisher/fleet/play_list.h"
#include "publisher/screens/asking.h"
#include "publisher/screens/screens.h"
#include "publisher/send/send_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* So many answers one after the other: more than a screen keeps. */
enum { PAGES_MAX = 16 };

struct plays {
    const struct options *options;
    int64_t from_ms, to_ms; /* TIMESTAMP_NONE: no bound */
    struct asking asking;
    struct play_list list;
};

/* A time as messages have it, or a day in the time zone of this machine. */
static bool read_time(const char *flag, const char *text, bool day_end,
                      int64_t *out)
{
    char whole[TIMESTAMP_BYTES], now[TIMESTAMP_BYTES];
    int64_t now_ms = clock_wall_ms();

    *out = TIMESTAMP_NONE;
    if (!text || timestamp_parse(text, out))
        return true;
    timestamp_format(now_ms, clock_utc_offset_minutes(now_ms), now);
    /* The offset is that of now. */
    snprintf(whole, sizeof whole, "%.10s%s%.6s", text,
             day_end ? "T23:59:59" : "T00:00:00", now + strlen(now) - 6);
    if (strlen(text) == 10 && timestamp_parse(whole, out)) {
        *out += day_end ? 1000 : 0;
        return true;
    }
    tell_line("--%s '%s': expected a time as 2021-07-20T18:30:00+08:00, or a "
              "day as 2021-07-20",
              flag, text);
    return false;
}

static bool check(struct plays *plays)
{
    const struct options *options = plays->options;

    if (!options->screen_id || !identifier_is_valid(options->screen_id)) {
        tell_line("whose? --screen ID");
        return false;
    }
    if (!read_time("from", options->plays_from, false, &plays->from_ms) ||
        !read_time("to", options->plays_to, true, &plays->to_ms))
        return false;
    if (plays->from_ms != TIMESTAMP_NONE && plays->to_ms != TIMESTAMP_NONE &&
        plays->from_ms >= plays->to_ms) {
        tell_line("--from is not before --to");
        return false;
    }
    return send_options_check(options);
}

static void put_time(json_t *command, const char *name, int64_t ms)
{
    char text[TIMESTAMP_BYTES];

    if (ms == TIMESTAMP_NONE)
        return;
    timestamp_format(ms, clock_utc_offset_minutes(ms), text);
    json_object_set_new(command, name, json_string(text));
}

/* False, told: *code says why. */
static bool ask_page(struct plays *plays, bool *more, enum publish_exit *code)
{
    json_t *command = json_pack("{s:s, s:I}", "verb", "plays", "after",
                                (json_int_t)plays->list.last.number);
    const char *id = plays->options->screen_id;

    put_time(command, "from", plays->from_ms);
    put_time(command, "to", plays->to_ms);
    bool asked = asking_run(&plays->asking, COMMAND_PLAYS, command, id, NULL,
                            code);
    json_decref(command);
    if (!asked)
        return false;
    int screen = roster_find(&plays->asking.snapshot.roster, id);
    const struct asking_answer *answer = asking_answer_of(&plays->asking,
                                                          (size_t)screen);
    if (!answer || !answer->whole) {
        tally_view_print(&plays->asking.tally);
        *code = PUBLISH_FEW;
        return false;
    }
    if (strcmp(answer->assembly.kind, "gaoshi/plays") == 0 &&
        play_list_take(&plays->list, (const char *)answer->assembly.whole,
                       answer->assembly.total_bytes, more))
        return true;
    tell_line("%s sent something else than its log", id);
    *code = PUBLISH_FEW;
    return false;
}

static bool ask_all(struct plays *plays, enum publish_exit *code)
{
    bool more = true;

    for (int page = 0; more && page < PAGES_MAX; page++) {
        int64_t before = plays->list.last.number;
        if (!ask_page(plays, &more, code))
            return false;
        if (plays->list.last.number <= before)
            break;
    }
    if (play_list_close(&plays->list, plays->from_ms, plays->to_ms,
                        clock_wall_ms()))
        return true;
    tell_line("out of memory");
    *code = PUBLISH_OTHER;
    return false;
}

/* "" for TIMESTAMP_NONE. */
static void format_time(int64_t ms, char out[TIMESTAMP_BYTES])
{
    out[0] = '\0';
    if (ms != TIMESTAMP_NONE)
        timestamp_format(ms, clock_utc_offset_minutes(ms), out);
}

static void format_times(const struct play_row *row, char from[TIMESTAMP_BYTES],
                         char to[TIMESTAMP_BYTES])
{
    format_time(row->from_ms, from);
    format_time(row->from_ms == TIMESTAMP_NONE ? TIMESTAMP_NONE
                                               : row->from_ms + row->lasted_ms,
                to);
}

/* Ids and words have neither commas nor quotes; notes are our own. */
static void print_csv(const struct play_list *list)
{
    char from[TIMESTAMP_BYTES], to[TIMESTAMP_BYTES];

    tell_result("%s", "from,to,seconds,what,id,seq,clock,note");
    for (size_t i = 0; i < list->count; i++) {
        const struct play_row *row = &list->rows[i];
        bool gap = strcmp(row->what, "gap") == 0;
        format_times(row, from, to);
        tell_result("%s,%s,%" PRId64 ".%03d,%s,%s,%" PRId64 ",%s,%s%s%s", from,
                    to, row->lasted_ms / 1000, (int)(row->lasted_ms % 1000),
                    row->what, row->id, row->seq,
                    gap ? "" : play_clock_name(row->clock), gap ? "\"" : "",
                    row->note, gap ? "\"" : "");
    }
}

static json_t *row_object(const struct play_row *row)
{
    char from[TIMESTAMP_BYTES], to[TIMESTAMP_BYTES];
    bool gap = strcmp(row->what, "gap") == 0;

    format_times(row, from, to);
    return json_pack("{s:s*, s:s*, s:f, s:s, s:s*, s:I, s:s*, s:s*}", "from",
                     from[0] ? from : NULL, "to", to[0] ? to : NULL, "seconds",
                     (double)row->lasted_ms / 1000, "what", row->what, "id",
                     row->id[0] ? row->id : NULL, "seq", (json_int_t)row->seq,
                     "clock", gap ? NULL : play_clock_name(row->clock), "note",
                     row->note[0] ? row->note : NULL);
}

static size_t faults_kept(const struct play_list *list)
{
    return list->fault_count < PLAY_FAULTS_MAX ? list->fault_count
                                               : PLAY_FAULTS_MAX;
}

static void print_json(const struct plays *plays)
{
    const struct play_list *list = &plays->list;
    json_t *rows = json_array(), *faults = json_array();

    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(rows, row_object(&list->rows[i]));
    for (size_t i = 0; i < faults_kept(list); i++)
        json_array_append_new(faults,
                              json_pack("{s:I, s:s}", "block",
                                        (json_int_t)list->faults[i].number,
                                        "text", list->faults[i].text));
    tell_json(json_pack(
        "{s:s, s:o, s:I, s:I, s:{s:b, s:I, s:I, s:s, s:o}}", "screen",
        plays->options->screen_id, "plays", rows, "gaps",
        (json_int_t)list->gaps, "lost", (json_int_t)list->lost, "chain",
        "intact", list->fault_count == 0, "first",
        (json_int_t)list->first.number, "last", (json_int_t)list->last.number,
        "head", list->last.hash, "faults", faults));
}

/* For people, beside the table. */
static void tell_chain(const struct play_list *list)
{
    for (size_t i = 0; i < faults_kept(list); i++)
        tell_line("block %" PRId64 ": %s", list->faults[i].number,
                  list->faults[i].text);
    if (list->lost > 0)
        tell_line("%" PRId64 " entries are not in the log: there were too many "
                  "at once",
                  list->lost);
    if (list->last.number == 0)
        tell_line("the screen has no log of this time");
    else
        tell_line("blocks %" PRId64 " to %" PRId64 ", %s; %zu gaps; the last "
                  "hash is %s",
                  list->first.number, list->last.number,
                  list->fault_count == 0 ? tr("the chain is whole")
                                         : tr("the chain is BROKEN"),
                  list->gaps, list->last.hash);
}

enum publish_exit plays_run(const struct options *options, int count,
                            char **operands)
{
    struct plays plays = {.options = options};

    (void)count, (void)operands;
    if (!check(&plays))
        return PUBLISH_USAGE;
    enum publish_exit code = asking_open(&plays.asking, options);
    if (code == PUBLISH_DONE && ask_all(&plays, &code)) {
        if (options->json)
            print_json(&plays);
        else
            print_csv(&plays.list);
        if (!options->json)
            tell_chain(&plays.list);
        code = plays.list.fault_count == 0 ? PUBLISH_DONE : PUBLISH_REFUSED;
    }
    play_list_finish(&plays.list);
    asking_close(&plays.asking);
    return code;
}
