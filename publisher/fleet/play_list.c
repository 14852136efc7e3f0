/* Reads, verifies and orders what a screen has shown. */
#include "publisher/fleet/play_list.h"

#include "base/timestamp.h"
#include "base/translate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *play_clock_name(enum play_clock clock)
{
    static const char *const names[] = {
        [PLAY_CLOCK_TRUSTED] = "trusted",
        [PLAY_CLOCK_LATER] = "trusted later",
        [PLAY_CLOCK_UNKNOWN] = "unknown",
    };

    return names[clock];
}

static void add_fault(struct play_list *list, int64_t number,
                      const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void add_fault(struct play_list *list, int64_t number,
                      const char *format, ...)
{
    va_list arguments;

    if (list->fault_count < PLAY_FAULTS_MAX) {
        struct play_fault *fault = &list->faults[list->fault_count];
        fault->number = number;
        va_start(arguments, format);
        tr_format(fault->text, sizeof fault->text, format, arguments);
        va_end(arguments);
    }
    list->fault_count++;
}

static struct play_row *add_row(struct play_list *list)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 256;
        struct play_row *grown = realloc(list->rows, room * sizeof *grown);
        if (!grown)
            return NULL;
        list->rows = grown;
        list->room = room;
    }
    struct play_row *row = &list->rows[list->count++];
    *row = (struct play_row){.from_ms = TIMESTAMP_NONE};
    return row;
}

static struct play_run *add_run(struct play_list *list)
{
    struct play_run *grown = realloc(list->runs,
                                     (list->run_count + 1) * sizeof *grown);

    if (!grown)
        return NULL;
    list->runs = grown;
    grown[list->run_count] = (struct play_run){.stopped = false};
    return &grown[list->run_count++];
}

/* What was asked for may begin within a run. */
static struct play_run *run_now(struct play_list *list)
{
    return list->run_count > 0 ? &list->runs[list->run_count - 1]
                               : add_run(list);
}

static void learn_clock(struct play_run *run, const struct play_entry *entry)
{
    if (run->knows_clock || entry->wall_ms == TIMESTAMP_NONE)
        return;
    run->knows_clock = true;
    run->offset_ms = entry->wall_ms - entry->mono_ms;
}

/* The log splits what stands for long; the parts follow each other, with at
 * most one of the other half of the glass between them. */
static bool join(struct play_list *list, const struct play_entry *entry)
{
    enum { BACK = 4 };

    for (size_t i = 1; i <= BACK && i <= list->count; i++) {
        struct play_row *row = &list->rows[list->count - i];
        if (row->run + 1 == list->run_count && row->seq == entry->seq &&
            row->mono_ms + row->lasted_ms == entry->mono_ms &&
            strcmp(row->what, entry->what) == 0 &&
            strcmp(row->id, entry->id) == 0) {
            row->lasted_ms += entry->lasted_ms;
            return true;
        }
    }
    return false;
}

static bool take_show(struct play_list *list, const struct play_entry *entry)
{
    if (join(list, entry))
        return true;
    if (list->count >= PLAY_ROWS_MAX) {
        list->lost++;
        return true;
    }
    struct play_row *row = add_row(list);
    if (!row)
        return false;
    row->from_ms = entry->wall_ms;
    row->lasted_ms = entry->lasted_ms;
    row->mono_ms = entry->mono_ms;
    row->run = list->run_count - 1;
    row->seq = entry->seq;
    memcpy(row->what, entry->what, sizeof row->what);
    memcpy(row->id, entry->id, sizeof row->id);
    return true;
}

static bool take_entry(struct play_list *list, const struct play_entry *entry)
{
    struct play_run *run = entry->kind == PLAY_START ? add_run(list)
                                                     : run_now(list);

    if (!run)
        return false;
    switch (entry->kind) {
    case PLAY_SHOW:
        learn_clock(run, entry);
        return take_show(list, entry);
    case PLAY_LOST:
        list->lost += entry->count;
        return true;
    case PLAY_STOP:
        run->stopped = true;
        learn_clock(run, entry);
        return true;
    default:
        learn_clock(run, entry);
        return true;
    }
}

static void check_chain(struct play_list *list, const struct play_block *block)
{
    const struct play_head *last = &list->last;

    if (last->number == 0) {
        list->first = block->head;
        return;
    }
    if (block->head.number > last->number + 1)
        add_fault(list, block->head.number, "%" PRId64 " blocks are missing",
                  block->head.number - last->number - 1);
    else if (block->head.number <= last->number)
        add_fault(list, block->head.number,
                  "the chain began anew behind block %" PRId64, last->number);
    else if (strcmp(block->before.hash, last->hash) != 0)
        add_fault(list, block->head.number,
                  "it does not follow block %" PRId64
                  ", which was changed or replaced",
                  last->number);
}

static bool take_block(struct play_list *list, const struct play_block *block)
{
    struct play_entry entry;
    size_t at = 0;

    check_chain(list, block);
    list->last = block->head;
    while (play_block_next(block, &at, &entry))
        if (!take_entry(list, &entry))
            return false;
    return true;
}

bool play_list_take(struct play_list *list, const char *text, size_t bytes,
                    bool *more)
{
    static const char all[] = "gaoshi-plays 1 all\n";
    static const char further[] = "gaoshi-plays 1 more\n";
    struct play_block block;
    enum play_verdict verdict;
    size_t at;

    *more = bytes >= sizeof further - 1 &&
            memcmp(text, further, sizeof further - 1) == 0;
    if (!*more &&
        (bytes < sizeof all - 1 || memcmp(text, all, sizeof all - 1) != 0))
        return false;
    at = *more ? sizeof further - 1 : sizeof all - 1;
    while ((verdict = play_log_read(text, bytes, at, &block)) == PLAY_INTACT ||
           verdict == PLAY_DAMAGED) {
        if (verdict == PLAY_INTACT && !take_block(list, &block))
            return false;
        if (verdict == PLAY_DAMAGED)
            add_fault(list, list->last.number + 1,
                      "it is not as it was sealed; what it says is left out");
        at = block.end;
    }
    if (verdict == PLAY_TORN)
        add_fault(list, list->last.number + 1, "it ends in the middle");
    return true;
}

static void set_time(const struct play_list *list, struct play_row *row)
{
    const struct play_run *run = &list->runs[row->run];

    if (row->from_ms != TIMESTAMP_NONE)
        return;
    row->clock = PLAY_CLOCK_UNKNOWN;
    if (!run->knows_clock || run->offset_ms + row->mono_ms < 0)
        return;
    row->clock = PLAY_CLOCK_LATER;
    row->from_ms = run->offset_ms + row->mono_ms;
}

/* What has no time comes first, in the order of the log. */
static int compare_rows(const void *left, const void *right)
{
    const struct play_row *a = left, *b = right;

    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    if (a->mono_ms != b->mono_ms)
        return a->mono_ms < b->mono_ms ? -1 : 1;
    return strcmp(a->what, b->what);
}

static bool lies_within(const struct play_row *row, int64_t from_ms,
                        int64_t to_ms)
{
    if (row->from_ms == TIMESTAMP_NONE)
        return true;
    return (from_ms == TIMESTAMP_NONE ||
            row->from_ms + row->lasted_ms > from_ms) &&
           (to_ms == TIMESTAMP_NONE || row->from_ms < to_ms);
}

static bool add_gap(struct play_list *list, int64_t from_ms, int64_t to_ms,
                    const char *note)
{
    struct play_row *row = add_row(list);

    if (!row)
        return false;
    row->from_ms = from_ms;
    row->lasted_ms = to_ms - from_ms;
    memcpy(row->what, "gap", sizeof "gap");
    snprintf(row->note, sizeof row->note, "%s", note);
    list->gaps++;
    return true;
}

static const char *explain(const struct play_list *list, size_t before,
                           size_t after)
{
    if (before == after)
        return tr("nothing was on the glass, or it was covered");
    if (before >= list->run_count || list->runs[before].stopped)
        return tr("the program was stopped");
    return tr(
        "the power or the program failed; the last half hour before it may "
        "be missing, too");
}

/* Among the first `count` rows, which are in order. */
static bool find_gaps(struct play_list *list, size_t count, int64_t from_ms,
                      int64_t to_ms)
{
    int64_t end_ms = from_ms;
    size_t run = SIZE_MAX;

    for (size_t i = 0; i < count; i++) {
        struct play_row row = list->rows[i];
        if (row.from_ms == TIMESTAMP_NONE)
            continue;
        if (end_ms != TIMESTAMP_NONE && row.from_ms - end_ms > PLAY_GAP_MS &&
            !add_gap(list, end_ms, row.from_ms,
                     run == SIZE_MAX ? tr("the log begins later")
                                     : explain(list, run, row.run)))
            return false;
        if (end_ms == TIMESTAMP_NONE || row.from_ms + row.lasted_ms > end_ms) {
            end_ms = row.from_ms + row.lasted_ms;
            run = row.run;
        }
    }
    return end_ms == TIMESTAMP_NONE || to_ms == TIMESTAMP_NONE ||
           to_ms - end_ms <= PLAY_GAP_MS ||
           add_gap(list, end_ms, to_ms, tr("the log ends before"));
}

bool play_list_close(struct play_list *list, int64_t from_ms, int64_t to_ms,
                     int64_t now_ms)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        set_time(list, &list->rows[i]);
        if (lies_within(&list->rows[i], from_ms, to_ms))
            list->rows[kept++] = list->rows[i];
    }
    list->count = kept;
    if (kept > 0)
        qsort(list->rows, kept, sizeof *list->rows, compare_rows);
    if (to_ms > now_ms)
        to_ms = TIMESTAMP_NONE; /* it goes on */
    if (!find_gaps(list, kept, from_ms, to_ms))
        return false;
    if (list->count > 0)
        qsort(list->rows, list->count, sizeof *list->rows, compare_rows);
    return true;
}

void play_list_finish(struct play_list *list)
{
    free(list->rows);
    free(list->runs);
    *list = (struct play_list){.rows = NULL};
}
