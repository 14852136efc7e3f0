/* Keeps the elements that are open, their texts, and the first problem. */
#include "cap/cap_reader.h"

#include "cap/cap_pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void cap_reader_take_text(void *context, const XML_Char *text, int length)
{
    struct cap_reader *reader = context;
    const struct cap_frame *frame = cap_reader_innermost(reader);
    size_t bytes = (size_t)length;

    if (reader->failed)
        return;
    if (!frame || frame->node != CAP_NODE_LEAF) {
        note_stray(reader, text, bytes);
        return;
    }
    size_t limit = frame->row->text_bytes ? frame->row->text_bytes
                                          : CAP_LIMIT_TEXT_BYTES;
    if (reader->text_bytes + bytes > limit) {
        cap_reader_fail(reader, PROBLEM_TOO_LARGE, frame->line, frame->column,
                        NULL, "a text of more than %zu bytes", limit);
        return;
    }
    if (!grow_text(reader, reader->text_bytes + bytes + 1)) {
        cap_reader_fail_memory(reader);
        return;
    }
    memcpy(reader->text + reader->text_bytes, text, bytes);
    reader->text_bytes += bytes;
}

/* An empty element counts as absent: the Chinese profile writes many. */
void cap_reader_end_leaf(struct cap_reader *reader, struct cap_frame *frame)
{
    struct cap_text *out = frame->object;
    const char *from = reader->text;
    size_t bytes = reader->text_bytes;
    char why[CAP_WHY_BYTES];

    out->line = frame->line;
    out->column = frame->column;
    for (; bytes > 0 && is_space(from[bytes - 1]); bytes--)
        ;
    for (; bytes > 0 && is_space(*from); from++)
        bytes--;
    reader->text_bytes = 0;
    if (bytes == 0)
        return;
    char *text = cap_pool_copy(reader->alert->pool, from, bytes);
    if (!text) {
        cap_reader_fail_memory(reader);
        return;
    }
    if (frame->row->check &&
        !frame->row->check(text, reader->alert->dialect, why)) {
        cap_reader_fail(reader, PROBLEM_FIELD, frame->line, frame->column, NULL,
                        "%s", why);
        return;
    }
    out->text = text;
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
        if (row->parent != frame->node ||
            !(row->required & reader->alert->dialect) ||
            is_filled(row, frame->object))
            continue;
        cap_reader_fail(reader, PROBLEM_FIELD, frame->line, frame->column,
                        row->name, "this element is missing or empty");
        return;
    }
}
