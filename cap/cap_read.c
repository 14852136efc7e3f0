/* Parses a file into a checked message with expat and the table of elements.
 * The first part keeps the open elements, their texts and the first problem;
 * then come expat's handlers. */
#include "base/translate.h"
#include "cap/cap_encoding.h"
#include "cap/cap_markup.h"
#include "cap/cap_pool.h"
#include "cap/cap_rows.h"
#include "cap/cap_time.h"

#include <expat.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Separates namespace and name; no name contains it. */
#define SEPARATOR '\n'
#define SIGNATURE_NAMESPACE "http://www.w3.org/2000/09/xmldsig#"

enum { NAME_BYTES = 32 };

/* An open element. */
struct frame {
    enum cap_node node;
    const struct cap_row *row; /* NULL: the alert itself, or skipped */
    /* the struct that its children fill; for a leaf its cap_text */
    void *object;
    char name[NAME_BYTES];
    size_t index; /* in its list */
    int line, column;
    enum cap_markup markup; /* of CAP_NODE_MARKUP */
};

struct reader {
    XML_Parser parser;
    struct cap_alert *alert;
    struct problem *problem;
    unsigned dialects; /* dialects that are still possible */
    struct frame frames[CAP_LIMIT_DEPTH];
    size_t depth;
    size_t elements;
    struct frame *leaf; /* the open leaf; NULL: none */
    char *text;         /* of the leaf */
    size_t text_bytes, text_room;
    bool text_too_long; /* the leaf is not used and its text is too long */
    char foreign[NAME_BYTES]; /* element that is not allowed in the leaf */
    bool failed;
};

/* NULL: none is open. */
static struct frame *innermost(struct reader *reader)
{
    return reader->depth ? &reader->frames[reader->depth - 1] : NULL;
}

/* alert.info[1].area[0].polygon[0] */
static void write_path(const struct reader *reader, const char *child,
                       char *out, size_t size)
{
    size_t length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < reader->depth && length < size; i++) {
        const struct frame *frame = &reader->frames[i];
        length += (size_t)snprintf(out + length, size - length, "%s%s",
                                   i ? "." : "", frame->name);
        if (frame->row && frame->row->entry_bytes && length < size)
            length += (size_t)snprintf(out + length, size - length, "[%zu]",
                                       frame->index);
    }
    if (child && length < size)
        snprintf(out + length, size - length, "%s%s", length ? "." : "", child);
}

/* Stops the reading; only the first problem is kept. child: an element within
 * the innermost one, or NULL. */
__attribute__((format(printf, 6, 7))) static void
fail(struct reader *reader, enum problem_code code, int line, int column,
     const char *child, const char *format, ...)
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
    tr_format(text, sizeof text, format, list);
    va_end(list);
    write_path(reader, child, path, sizeof path);
    problem_set_field(reader->problem, path, "%s", text);
    reader->problem->code = code;
    reader->problem->line = line;
    reader->problem->column = column;
}

static int line_here(const struct reader *reader)
{
    return (int)XML_GetCurrentLineNumber(reader->parser);
}

static int column_here(const struct reader *reader)
{
    return (int)XML_GetCurrentColumnNumber(reader->parser) + 1;
}

static void fail_here(struct reader *reader, enum problem_code code,
                      const char *text)
{
    fail(reader, code, line_here(reader), column_here(reader), NULL, "%s",
         text);
}

static void fail_memory(struct reader *reader)
{
    fail_here(reader, PROBLEM_SYSTEM, "no memory for a message");
}

/* Opens an element at expat's position; the depth was checked before. */
static struct frame *push(struct reader *reader, const char *name,
                          enum cap_node node)
{
    struct frame *frame = &reader->frames[reader->depth++];

    *frame = (struct frame){
        .node = node,
        .line = line_here(reader),
        .column = column_here(reader),
    };
    snprintf(frame->name, sizeof frame->name, "%s", name);
    return frame;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void note_stray(struct reader *reader, const char *text, size_t bytes)
{
    const struct frame *frame = innermost(reader);

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

static bool grow_text(struct reader *reader, size_t bytes)
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

static void put_text(struct reader *reader, const char *text, size_t bytes)
{
    const struct cap_row *row = reader->leaf->row;
    size_t limit = row->text_bytes ? row->text_bytes : CAP_LIMIT_TEXT_BYTES;

    if (reader->text_bytes + bytes > limit && row->use == CAP_USE_UNUSED) {
        reader->text_too_long = true;
        return;
    }
    if (reader->text_bytes + bytes > limit) {
        fail(reader, PROBLEM_TOO_LARGE, reader->leaf->line,
             reader->leaf->column, NULL, "a text of more than %zu bytes",
             limit);
        return;
    }
    if (!grow_text(reader, reader->text_bytes + bytes + 1)) {
        fail_memory(reader);
        return;
    }
    memcpy(reader->text + reader->text_bytes, text, bytes);
    reader->text_bytes += bytes;
}

/* Receives text from expat in pieces. */
static void take_text(void *context, const XML_Char *text, int length)
{
    struct reader *reader = context;
    const struct frame *frame = innermost(reader);

    if (reader->failed)
        return;
    if (frame &&
        (frame->node == CAP_NODE_LEAF || frame->node == CAP_NODE_MARKUP))
        put_text(reader, text, (size_t)length);
    else
        note_stray(reader, text, (size_t)length);
}

/* Opens a leaf, whose text goes to frame->object when it is complete. */
static void begin_leaf(struct reader *reader, struct frame *frame)
{
    reader->leaf = frame;
    reader->text_bytes = 0;
    reader->text_too_long = false;
    reader->foreign[0] = '\0';
}

static void end_markup(struct reader *reader, const struct frame *frame)
{
    if (frame->markup == CAP_MARKUP_BLOCK)
        put_text(reader, CAP_MARKUP_BREAK, strlen(CAP_MARKUP_BREAK));
    else if (frame->markup == CAP_MARKUP_CELL)
        put_text(reader, " ", 1);
}

/* In the national profile a geocode is a text of codes. Some write it with the
 * two elements that CAP 1.2 has there; the name of a code is not needed. False:
 * it is something else. */
static bool begin_pair(struct reader *reader, const char *name)
{
    const struct cap_row *row = reader->leaf->row;

    if (reader->alert->dialect != CAP_DIALECT_CHINA ||
        row->entry_bytes != sizeof(struct cap_pair))
        return false;
    if (strcmp(name, "valueName") == 0) {
        push(reader, name, CAP_NODE_SKIP);
        return true;
    }
    if (strcmp(name, "value") != 0)
        return false;
    cap_forgive(&reader->alert->notes, CAP_FORGIVEN_PAIR, row->name, NULL);
    struct frame *frame = push(reader, name, CAP_NODE_MARKUP);
    frame->markup = CAP_MARKUP_CELL;
    end_markup(reader, frame);
    return true;
}

/* An unknown element may change the meaning of its text, for example say that
 * it no longer holds. */
static void begin_markup(struct reader *reader, const char *name, bool is_html)
{
    const struct cap_row *row = reader->leaf->row;
    enum cap_markup kind = is_html && row->use == CAP_USE_PROSE
                               ? cap_markup_find(name, strlen(name))
                               : CAP_MARKUP_NONE;

    if (begin_pair(reader, name))
        return;
    if (kind == CAP_MARKUP_NONE) {
        if (!reader->foreign[0])
            snprintf(reader->foreign, sizeof reader->foreign, "%s", name);
        push(reader, name, CAP_NODE_SKIP);
        return;
    }
    cap_forgive(&reader->alert->notes, CAP_FORGIVEN_MARKUP, row->name, NULL);
    struct frame *frame = push(reader, name, CAP_NODE_MARKUP);
    frame->markup = kind;
    end_markup(reader, frame);
}

/* The same separator goes before a block and after it. */
static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

/* Texts that mean «nothing» in files made by programs. «None» is a valid word
 * in some fields, and means nothing in a text. */
static bool says_nothing(const struct cap_row *row, const char *text)
{
    static const char *const anywhere[] = {
        "null", "(null)", "undefined", "nil", "NaN", "无", "暂无", "N/A", NULL};
    static const char *const in_texts[] = {
        "None", "Not applicable", "-", "--", "/", ".", "无。", NULL};

    return is_one_of(text, anywhere) ||
           (row->use == CAP_USE_PROSE && is_one_of(text, in_texts));
}

/* The time zone for a time without one: China has one zone, and elsewhere it is
 * taken from the message's own time. NULL: not known. */
static const char *find_zone(const struct reader *reader)
{
    enum { ZONE_AT = 19 };
    const struct cap_alert *alert = reader->alert;

    if (alert->dialect == CAP_DIALECT_CHINA)
        return "+08:00";
    return alert->sent.text ? alert->sent.text + ZONE_AT : NULL;
}

/* NULL: it is no time, which is noted, or is an error if a time is required. */
static char *read_time(struct reader *reader, const char *text)
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
        fail(reader, PROBLEM_FIELD, reader->leaf->line, reader->leaf->column,
             NULL, "«%.48s» found, 2021-07-20T18:30:00+08:00 expected", text);
    else
        cap_forgive(&reader->alert->notes, CAP_FORGIVEN_TIME_NONE, row->name,
                    text);
    return NULL;
}

/* Checks a text and returns the form that is kept; NULL: it counts as absent,
 * or the reading failed. */
static char *judge_text(struct reader *reader, char *text)
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
        fail(reader, PROBLEM_FIELD, reader->leaf->line, reader->leaf->column,
             NULL, "%s", why);
    return text;
}

/* Joins two texts as paragraphs; NULL: no memory. */
static char *join(struct reader *reader, const char *first, const char *second)
{
    size_t bytes = strlen(first) + strlen(CAP_MARKUP_BREAK) + strlen(second);
    char *both = cap_pool_take(reader->alert->pool, bytes + 1);

    if (both)
        snprintf(both, bytes + 1, "%s" CAP_MARKUP_BREAK "%s", first, second);
    else
        fail_memory(reader);
    return both;
}

static void keep_text(struct reader *reader, char *text)
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
        fail(reader, PROBLEM_FIELD, reader->leaf->line, reader->leaf->column,
             NULL, "it stands there twice");
    }
}

static void leave_out(struct reader *reader)
{
    struct cap_text *out = reader->leaf->object;

    out->left_out = true;
    cap_forgive(&reader->alert->notes, CAP_FORGIVEN_FOREIGN,
                reader->leaf->row->name, reader->foreign);
}

/* An empty element counts as absent: the Chinese profile contains many. */
static void end_leaf(struct reader *reader)
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
            fail_memory(reader);
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

/* Fails if an element that the dialect requires is missing; notes missing
 * elements that are only expected. */
static void check_required(struct reader *reader, const struct frame *frame)
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
        fail(reader, PROBLEM_FIELD, frame->line, frame->column, row->name,
             "this element is missing or empty");
        return;
    }
}

static void start_doctype(void *context, const XML_Char *name,
                          const XML_Char *system, const XML_Char *public,
                          int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    fail_here(context, PROBLEM_SYNTAX,
              "DOCTYPE found: entities and external files are never read");
}

static bool check_attributes(struct reader *reader, const char *element,
                             const XML_Char **attributes)
{
    size_t count = 0;

    for (; attributes[2 * count]; count++)
        if (strlen(attributes[2 * count]) > CAP_LIMIT_ATTRIBUTE_BYTES ||
            strlen(attributes[2 * count + 1]) > CAP_LIMIT_ATTRIBUTE_BYTES)
            break;
    if (!attributes[2 * count] && count <= CAP_LIMIT_ATTRIBUTES)
        return true;
    fail(reader, PROBLEM_TOO_LARGE, line_here(reader), column_here(reader),
         element, "more than %d attributes, or one of more than %d bytes",
         CAP_LIMIT_ATTRIBUTES, CAP_LIMIT_ATTRIBUTE_BYTES);
    return false;
}

/* Without a namespace it may be either of these two, until an element decides.
 */
enum { DIALECT_OPEN = CAP_DIALECT_1_2 | CAP_DIALECT_CHINA };

static bool find_dialect(const char *name, size_t bytes, unsigned *out)
{
    static const struct {
        const char *name;
        unsigned dialect;
    } namespaces[] = {
        {"http://www.incident.com/cap/1.0", CAP_DIALECT_1_0},
        {"urn:oasis:names:tc:emergency:cap:1.1", CAP_DIALECT_1_1},
        {"urn:oasis:names:tc:emergency:cap:1.2", CAP_DIALECT_1_2},
        {"http://com.icss.amp", CAP_DIALECT_CHINA},
        {"", DIALECT_OPEN},
    };

    for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++) {
        if (strlen(namespaces[i].name) != bytes ||
            memcmp(namespaces[i].name, name, bytes) != 0)
            continue;
        *out = namespaces[i].dialect;
        return true;
    }
    return false;
}

static void start_root(struct reader *reader, const char *space,
                       size_t space_bytes, const char *name)
{
    struct cap_alert *alert = reader->alert;

    if (strcmp(name, "alert") != 0 ||
        !find_dialect(space, space_bytes, &reader->dialects)) {
        fail(reader, PROBLEM_FIELD, line_here(reader), column_here(reader),
             NULL,
             "<%.32s> of namespace «%.*s» found, <alert> of CAP 1.0, 1.1, 1.2 "
             "or http://com.icss.amp expected",
             name, (int)(space_bytes < 64 ? space_bytes : 64), space);
        return;
    }
    alert->dialect = (enum cap_dialect)reader->dialects;
    if (reader->dialects == DIALECT_OPEN)
        cap_forgive(&alert->notes, CAP_FORGIVEN_NO_NAMESPACE, "alert", NULL);
    struct frame *frame = push(reader, name, CAP_NODE_ALERT);
    frame->object = alert;
    alert->line = frame->line;
    alert->column = frame->column;
}

/* Notes signatures as such, and all other elements of other namespaces or
 * unknown to the dialect by name. */
static void skip_element(struct reader *reader, const char *space,
                         size_t space_bytes, const char *name)
{
    const struct frame *parent = innermost(reader);

    if (space_bytes == strlen(SIGNATURE_NAMESPACE) &&
        memcmp(space, SIGNATURE_NAMESPACE, space_bytes) == 0 &&
        strcmp(name, "Signature") == 0)
        reader->alert->is_signed = true;
    else if (parent->node != CAP_NODE_SKIP)
        cap_notes_add(&reader->alert->notes, "<%.32s> in <%s> is not read",
                      name, parent->name);
    push(reader, name, CAP_NODE_SKIP);
}

static void *add_entry(struct reader *reader, const struct cap_row *row,
                       struct frame *parent, size_t *index)
{
    struct cap_list *list = (void *)((char *)parent->object + row->offset);

    if (list->count >= row->most && row->spare) {
        cap_forgive(&reader->alert->notes, CAP_FORGIVEN_TOO_MANY, row->name,
                    NULL);
        push(reader, row->name, CAP_NODE_SKIP);
        return NULL;
    }
    if (list->count >= row->most) {
        fail(reader, PROBLEM_TOO_LARGE, line_here(reader), column_here(reader),
             row->name, "more than %zu of them", row->most);
        return NULL;
    }
    void *entry = cap_pool_append(reader->alert->pool, list, row->entry_bytes);
    if (!entry)
        fail_memory(reader);
    *index = list->count - 1;
    return entry;
}

/* The text of a leaf, or the name of a pair that is one text. */
static struct cap_text *leaf_text(const struct cap_row *row, void *entry)
{
    if (row->entry_bytes == sizeof(struct cap_pair))
        return &((struct cap_pair *)entry)->value;
    return entry;
}

static void start_known(struct reader *reader, const struct cap_row *row)
{
    struct frame *parent = innermost(reader);
    void *object = parent->object;
    size_t index = 0;

    if (row->entry_bytes)
        object = add_entry(reader, row, parent, &index);
    else if (row->node == CAP_NODE_LEAF)
        object = (char *)parent->object + row->offset;
    if (!object)
        return;
    struct frame *frame = push(reader, row->name, row->node);
    frame->row = row;
    frame->index = index;
    frame->object = row->node == CAP_NODE_LEAF ? (void *)leaf_text(row, object)
                                               : object;
    if (row->node == CAP_NODE_LEAF)
        begin_leaf(reader, frame);
    if (row->node == CAP_NODE_INFO) {
        ((struct cap_info *)object)->line = frame->line;
        ((struct cap_info *)object)->column = frame->column;
    }
}

/* An element without a namespace belongs to the dialect: if the namespace is
 * declared only for the root's prefix, the children have none. */
static bool is_own(const struct reader *reader, const char *space,
                   size_t space_bytes)
{
    unsigned dialect;

    return space_bytes == 0 || (find_dialect(space, space_bytes, &dialect) &&
                                (dialect & reader->dialects) != 0);
}

static bool is_html(const struct reader *reader, const char *space,
                    size_t space_bytes)
{
    static const char xhtml[] = "http://www.w3.org/1999/xhtml";

    return is_own(reader, space, space_bytes) ||
           (space_bytes == strlen(xhtml) &&
            memcmp(space, xhtml, space_bytes) == 0);
}

/* NULL: the dialect has no such element. The first element that only one
 * dialect has decides which one it is. */
static const struct cap_row *find_row(struct reader *reader, const char *space,
                                      size_t space_bytes, const char *name)
{
    const struct cap_row *row = is_own(reader, space, space_bytes)
                                    ? cap_row_find(innermost(reader)->node,
                                                   name, reader->dialects)
                                    : NULL;

    if (row && reader->dialects == DIALECT_OPEN &&
        (row->dialects & DIALECT_OPEN) != DIALECT_OPEN) {
        reader->dialects &= row->dialects;
        reader->alert->dialect = (enum cap_dialect)reader->dialects;
    }
    return row;
}

/* True when the element may be opened. */
static bool check_bounds(struct reader *reader, const char *name,
                         const XML_Char **attributes)
{
    if (reader->failed)
        return false;
    if (reader->depth == CAP_LIMIT_DEPTH) {
        fail(reader, PROBLEM_TOO_LARGE, line_here(reader), column_here(reader),
             NULL, "nested deeper than %d levels", CAP_LIMIT_DEPTH);
        return false;
    }
    if (++reader->elements > CAP_LIMIT_ELEMENTS) {
        fail(reader, PROBLEM_TOO_LARGE, line_here(reader), column_here(reader),
             NULL, "more than %d elements", CAP_LIMIT_ELEMENTS);
        return false;
    }
    return check_attributes(reader, name, attributes);
}

static void start_element(void *context, const XML_Char *full,
                          const XML_Char **attributes)
{
    struct reader *reader = context;
    const char *separator = strrchr(full, SEPARATOR);
    const char *name = separator ? separator + 1 : full;
    size_t space_bytes = separator ? (size_t)(separator - full) : 0;

    if (!check_bounds(reader, name, attributes))
        return;
    if (reader->depth == 0) {
        start_root(reader, full, space_bytes, name);
        return;
    }
    if (reader->leaf) {
        if (innermost(reader)->node == CAP_NODE_SKIP)
            push(reader, name, CAP_NODE_SKIP);
        else
            begin_markup(reader, name, is_html(reader, full, space_bytes));
        return;
    }
    const struct cap_row *row = find_row(reader, full, space_bytes, name);
    if (!row)
        skip_element(reader, full, space_bytes, name);
    else if (row->node == CAP_NODE_SKIP)
        push(reader, name, CAP_NODE_SKIP);
    else
        start_known(reader, row);
}

static void end_element(void *context, const XML_Char *full)
{
    struct reader *reader = context;
    struct frame *frame = innermost(reader);

    (void)full;
    if (reader->failed || !frame)
        return;
    if (frame->node == CAP_NODE_LEAF)
        end_leaf(reader);
    else if (frame->node == CAP_NODE_MARKUP)
        end_markup(reader, frame);
    else if (frame->node != CAP_NODE_SKIP)
        check_required(reader, frame);
    if (!reader->failed)
        reader->depth--;
}

static void tell_expat(struct reader *reader)
{
    enum XML_Error error = XML_GetErrorCode(reader->parser);

    reader->depth = 0; /* its position is more useful than the path */
    fail(reader, error == XML_ERROR_NO_MEMORY ? PROBLEM_SYSTEM : PROBLEM_SYNTAX,
         line_here(reader), column_here(reader), NULL, "not XML: %s",
         tr(XML_ErrorString(error)));
}

static bool parse(struct reader *reader, const struct cap_source *source)
{
    reader->parser = XML_ParserCreateNS(source->encoding, SEPARATOR);
    if (!reader->parser)
        return problem_set(reader->problem, PROBLEM_SYSTEM,
                           "no memory for a message");
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, start_element, end_element);
    XML_SetCharacterDataHandler(reader->parser, take_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, start_doctype);
    if (XML_Parse(reader->parser, source->bytes, (int)source->size, 1) !=
        XML_STATUS_OK)
        tell_expat(reader);
    XML_ParserFree(reader->parser);
    free(reader->text);
    return !reader->failed;
}

/* Owns the notes from here on. */
static bool read_source(const struct cap_source *source,
                        struct cap_notes *notes, struct cap_alert **out,
                        struct problem *problem)
{
    struct reader reader = {.problem = problem};

    reader.alert = calloc(1, sizeof *reader.alert);
    if (reader.alert)
        reader.alert->pool = cap_pool_create();
    if (!reader.alert || !reader.alert->pool) {
        cap_alert_destroy(reader.alert);
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a message");
    }
    reader.alert->notes = *notes;
    *notes = (struct cap_notes){0};
    if (!parse(&reader, source)) {
        cap_alert_destroy(reader.alert);
        return false;
    }
    *out = reader.alert;
    return true;
}

bool cap_read(const char *bytes, size_t size, const char *place,
              struct cap_alert **out, struct problem *problem)
{
    struct cap_source source = {0};
    struct cap_notes notes = {0};
    bool read = false;

    if (size > CAP_LIMIT_BYTES)
        problem_set(problem, PROBLEM_TOO_LARGE, "a file of more than %d bytes",
                    CAP_LIMIT_BYTES);
    else if (cap_source_open(bytes, size, &source, &notes, problem))
        read = read_source(&source, &notes, out, problem);
    cap_notes_finish(&notes);
    cap_source_finish(&source);
    if (!read)
        problem_set_place(problem, place);
    return read;
}
