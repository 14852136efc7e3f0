/* Keeps the elements that are open, their texts, and the first problem. */
#include "cap/cap_reader.h"

#include "cap/cap_pool.h"
#include "cap/cap_time.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct cap_frame *cap_reader_innermost(struct cap_reader *reader)
{
    return reader->depth ? &reader->frames[reader->depth - 1] : NULL;
}

/* alert.info[1].area[0].polygon[0] */
static void write_path(const struct cap_reader *reader, const char *child,
                       char *out, size_t size)
{
    size_t length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < reader->depth && length < size; i++) {
        const struct cap_frame *frame = &reader->frames[i];
        length += (size_t)snprintf(out + length, size - length, "%s%s",
                                   i ? "." : "", frame->name);
        if (frame->row && frame->row->entry_bytes && length < size)
            length += (size_t)snprintf(out + length, size - length, "[%zu]",
                                       frame->index);
    }
    if (child && length < size)
        snprintf(out + length, size - length, "%s%s", length ? "." : "", child);
}

/* Stops the reading; the first problem is the one that is told. */
void cap_reader_fail(struct cap_reader *reader, enum problem_code code,
                     int line, int column, const char *child,
                     const char *format, ...)
{
    char path[sizeof reader->problem->field];
    char text[sizeof reader->problem->expected];
    va_list list;

    if (reader->failed)
        return;
    reader->failed = true;
    XML_StopParser(reader->parser, XML_FALSE);
    if (!reader->problem)
        return;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    write_path(reader, child, path, sizeof path);
    problem_set_field(reader->problem, path, "%s", text);
    reader->problem->code = code;
    reader->problem->line = line;
    reader->problem->column = column;
}

int cap_reader_line(const struct cap_reader *reader)
{
    return (int)XML_GetCurrentLineNumber(reader->parser);
}

int cap_reader_column(const struct cap_reader *reader)
{
    return (int)XML_GetCurrentColumnNumber(reader->parser) + 1;
}

void cap_reader_fail_here(struct cap_reader *reader, enum problem_code code,
                          const char *text)
{
    cap_reader_fail(reader, code, cap_reader_line(reader),
                    cap_reader_column(reader), NULL, "%s", text);
}

void cap_reader_fail_memory(struct cap_reader *reader)
{
    cap_reader_fail_here(reader, PROBLEM_SYSTEM, "no memory for a message");
}

struct cap_frame *cap_reader_push(struct cap_reader *reader, const char *name,
                                  enum cap_node node)
{
    struct cap_frame *frame = &reader->frames[reader->depth++];

    *frame = (struct cap_frame){
        .node = node,
        .line = cap_reader_line(reader),
        .column = cap_reader_column(reader),
    };
    snprintf(frame->name, sizeof frame->name, "%s", name);
    return frame;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void note_stray(struct cap_reader *reader, const char *text,
                       size_t bytes)
{
    const struct cap_frame *frame = cap_reader_innermost(reader);

    if (!frame || frame->node == CAP_NODE_SKIP)
        return;
    for (size_t i = 0; i < bytes; i++)
        if (!is_space(text[i])) {
            cap_notes_add(&reader->alert->notes,
                          "text between the elements of <%s> is not read",
                          frame->name);
            return;
        }
}

static bool grow_text(struct cap_reader *reader, size_t bytes)
{
    if (bytes <= reader->text_room)
        return true;
    char *grown = realloc(reader->text, 2 * bytes);
    if (!grown)
        return false;
    reader->text = grown;
    reader->text_room = 2 * bytes;
    return true;
}

static void put_text(struct cap_reader *reader, const char *text, size_t bytes)
{
    const struct cap_row *row = reader->leaf->row;
    size_t limit = row->text_bytes ? row->text_bytes : CAP_LIMIT_TEXT_BYTES;

    if (reader->text_bytes + bytes > limit && row->use == CAP_USE_UNUSED) {
        reader->text_too_long = true;
        return;
    }
    if (reader->text_bytes + bytes > limit) {
        cap_reader_fail(reader, PROBLEM_TOO_LARGE, reader->leaf->line,
                        reader->leaf->column, NULL,
                        "a text of more than %zu bytes", limit);
        return;
    }
    if (!grow_text(reader, reader->text_bytes + bytes + 1)) {
        cap_reader_fail_memory(reader);
        return;
    }
    memcpy(reader->text + reader->text_bytes, text, bytes);
    reader->text_bytes += bytes;
}

void cap_reader_take_text(void *context, const XML_Char *text, int length)
{
    struct cap_reader *reader = context;
    const struct cap_frame *frame = cap_reader_innermost(reader);

    if (reader->failed)
        return;
    if (frame &&
        (frame->node == CAP_NODE_LEAF || frame->node == CAP_NODE_MARKUP))
        put_text(reader, text, (size_t)length);
    else
        note_stray(reader, text, (size_t)length);
}

void cap_reader_begin_leaf(struct cap_reader *reader, struct cap_frame *frame)
{
    reader->leaf = frame;
    reader->text_bytes = 0;
    reader->text_too_long = false;
    reader->foreign[0] = '\0';
}

/* What is not known as HTML may say anything of its text, such as that it no
 * longer holds. */
void cap_reader_begin_markup(struct cap_reader *reader, const char *name,
                             bool is_html)
{
    const struct cap_row *row = reader->leaf->row;
    enum cap_markup kind = is_html && row->use == CAP_USE_PROSE
                               ? cap_markup_find(name, strlen(name))
                               : CAP_MARKUP_NONE;

    if (kind == CAP_MARKUP_NONE) {
        if (!reader->foreign[0])
            snprintf(reader->foreign, sizeof reader->foreign, "%s", name);
        cap_reader_push(reader, name, CAP_NODE_SKIP);
        return;
    }
    cap_forgive(&reader->alert->notes, CAP_FORGIVEN_MARKUP, row->name, NULL);
    struct cap_frame *frame = cap_reader_push(reader, name, CAP_NODE_MARKUP);
    frame->markup = kind;
    cap_reader_end_markup(reader, frame);
}

/* The same stands before a block and behind it. */
void cap_reader_end_markup(struct cap_reader *reader,
                           const struct cap_frame *frame)
{
    if (frame->markup == CAP_MARKUP_BLOCK)
        put_text(reader, CAP_MARKUP_BREAK, strlen(CAP_MARKUP_BREAK));
    else if (frame->markup == CAP_MARKUP_CELL)
        put_text(reader, " ", 1);
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

/* What stands for nothing in files that programs made. «None» is a word of some
 * fields, and nothing in a text. */
static bool says_nothing(const struct cap_row *row, const char *text)
{
    static const char *const anywhere[] = {
        "null", "(null)", "undefined", "nil", "NaN", "无", "暂无", "N/A", NULL};
    static const char *const in_texts[] = {
        "None", "Not applicable", "-", "--", "/", ".", "无。", NULL};

    return is_one_of(text, anywhere) ||
           (row->use == CAP_USE_PROSE && is_one_of(text, in_texts));
}

/* The time zone of a time that tells none: China has one, and elsewhere the
 * message's own time tells it. NULL: nothing does. */
static const char *find_zone(const struct cap_reader *reader)
{
    enum { ZONE_AT = 19 };
    const struct cap_alert *alert = reader->alert;

    if (alert->dialect == CAP_DIALECT_CHINA)
        return "+08:00";
    return alert->sent.text ? alert->sent.text + ZONE_AT : NULL;
}

/* NULL: it is none, which is told, or fails where one is required. */
static char *read_time(struct cap_reader *reader, const char *text)
{
    const struct cap_row *row = reader->leaf->row;
    char time[TIMESTAMP_BYTES];
    enum cap_tolerance odd;

    if (cap_time_read(text, reader->alert->dialect, find_zone(reader), time,
                      &odd)) {
        if (odd != CAP_FORGIVEN_COUNT)
            cap_forgive(&reader->alert->notes, odd, row->name, text);
        return cap_pool_copy(reader->alert->pool, time, strlen(time));
    }
    if (row->offset == offsetof(struct cap_alert, sent) &&
        row->parent == CAP_NODE_ALERT)
        cap_reader_fail(
            reader, PROBLEM_FIELD, reader->leaf->line, reader->leaf->column,
            NULL, "«%.48s» found, 2021-07-20T18:30:00+08:00 expected", text);
    else
        cap_forgive(&reader->alert->notes, CAP_FORGIVEN_TIME_NONE, row->name,
                    text);
    return NULL;
}

/* The text as it is kept; NULL: it counts as absent, or the reading failed. */
static char *judge_text(struct cap_reader *reader, char *text)
{
    const struct cap_row *row = reader->leaf->row;
    struct cap_notes *notes = &reader->alert->notes;
    char why[CAP_WHY_BYTES];

    if (says_nothing(row, text)) {
        cap_forgive(notes, CAP_FORGIVEN_SAYS_NOTHING, row->name, text);
        return NULL;
    }
    if (row->use == CAP_USE_TIME)
        return read_time(reader, text);
    if (row->use == CAP_USE_PROSE && cap_markup_unescape(text))
        cap_forgive(notes, CAP_FORGIVEN_ESCAPED, row->name, NULL);
    if (!row->check || row->check(text, reader->alert->dialect, why))
        return text;
    if (row->use == CAP_USE_UNUSED)
        cap_forgive(notes, CAP_FORGIVEN_ODD_UNUSED, row->name, NULL);
    else
        cap_reader_fail(reader, PROBLEM_FIELD, reader->leaf->line,
                        reader->leaf->column, NULL, "%s", why);
    return text;
}

/* Joins as paragraphs; NULL: no memory. */
static char *join(struct cap_reader *reader, const char *first,
                  const char *second)
{
    size_t bytes = strlen(first) + strlen(CAP_MARKUP_BREAK) + strlen(second);
    char *both = cap_pool_take(reader->alert->pool, bytes + 1);

    if (both)
        snprintf(both, bytes + 1, "%s" CAP_MARKUP_BREAK "%s", first, second);
    else
        cap_reader_fail_memory(reader);
    return both;
}

static void keep_text(struct cap_reader *reader, char *text)
{
    const struct cap_row *row = reader->leaf->row;
    struct cap_text *out = reader->leaf->object;
    struct cap_notes *notes = &reader->alert->notes;
    bool again = out->line != 0;

    if (!again) {
        out->line = reader->leaf->line;
        out->column = reader->leaf->column;
    }
    if (!text || !out->text) {
        out->text = text ? text : out->text;
    } else if (strcmp(out->text, text) == 0 || row->again == CAP_AGAIN_FIRST) {
        cap_forgive(notes, CAP_FORGIVEN_TWICE_FIRST, row->name, NULL);
    } else if (row->again == CAP_AGAIN_JOIN) {
        cap_forgive(notes, CAP_FORGIVEN_TWICE_JOINED, row->name, NULL);
        out->text = join(reader, out->text, text);
    } else {
        cap_reader_fail(reader, PROBLEM_FIELD, reader->leaf->line,
                        reader->leaf->column, NULL, "it stands there twice");
    }
}

static void leave_out(struct cap_reader *reader)
{
    struct cap_text *out = reader->leaf->object;

    out->left_out = true;
    cap_forgive(&reader->alert->notes, CAP_FORGIVEN_FOREIGN,
                reader->leaf->row->name, reader->foreign);
}

/* An empty element counts as absent: the Chinese profile writes many. */
void cap_reader_end_leaf(struct cap_reader *reader)
{
    const char *from = reader->text;
    size_t bytes = reader->text_bytes;
    char *text = NULL;

    for (; bytes > 0 && is_space(from[bytes - 1]); bytes--)
        ;
    for (; bytes > 0 && is_space(*from); from++)
        bytes--;
    if (reader->text_too_long) {
        cap_forgive(&reader->alert->notes, CAP_FORGIVEN_TOO_MANY,
                    reader->leaf->row->name, NULL);
    } else if (reader->foreign[0]) {
        leave_out(reader);
    } else if (bytes > 0) {
        text = cap_pool_copy(reader->alert->pool, from, bytes);
        if (!text)
            cap_reader_fail_memory(reader);
        else
            text = judge_text(reader, text);
    }
    if (!reader->failed)
        keep_text(reader, text);
    reader->leaf = NULL;
}

static bool is_filled(const struct cap_row *row, const void *object)
{
    const void *field = (const char *)object + row->offset;

    if (row->entry_bytes)
        return ((const struct cap_list *)field)->count > 0;
    return ((const struct cap_text *)field)->text != NULL;
}

void cap_reader_check_required(struct cap_reader *reader,
                               const struct cap_frame *frame)
{
    for (size_t i = 0; i < cap_row_count; i++) {
        const struct cap_row *row = &cap_rows[i];
        enum cap_dialect dialect = reader->alert->dialect;
        if (row->parent != frame->node || is_filled(row, frame->object))
            continue;
        if (row->wanted & dialect)
            cap_forgive(&reader->alert->notes, CAP_FORGIVEN_MISSING, row->name,
                        NULL);
        if (!(row->required & dialect))
            continue;
        cap_reader_fail(reader, PROBLEM_FIELD, frame->line, frame->column,
                        row->name, "this element is missing or empty");
        return;
    }
}
