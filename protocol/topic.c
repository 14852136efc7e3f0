/* Reads and formats topics. */
#include "protocol/topic.h"

#include "protocol/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOPIC_PREFIX "gaoshi/1/"

/* The topics without their prefix. A level of one capital letter stands for a
 * part of struct topic: Organisation, Scope, Id (of a message), sCreen, chuNk.
 */
static const char *const patterns[TOPIC_KIND_COUNT] = {
    [TOPIC_PANEL] = "O/down/S/panel/I",
    [TOPIC_ALERT] = "O/down/S/alert/I",
    [TOPIC_INDEX] = "O/down/S/index/I",
    [TOPIC_TICK] = "O/down/S/tick",
    [TOPIC_KEYS] = "O/down/S/keys",
    [TOPIC_SETTINGS] = "O/down/S/settings/I",
    [TOPIC_FIGURE] = "O/down/S/figure/I",
    [TOPIC_PICTURE] = "O/picture/I/N",
    [TOPIC_COMMAND] = "O/command/C",
    [TOPIC_PRESENCE] = "O/screen/C/presence",
    [TOPIC_STATE] = "O/screen/C/state",
    [TOPIC_REPLY] = "O/screen/C/reply",
    [TOPIC_RECEIPT] = "O/screen/C/receipt",
    [TOPIC_RECEIPT_BEFORE] = "O/receipt/I/C",
};

struct part {
    char *text;
    size_t size;
};

/* The part of the topic that a level of a pattern stands for; text is NULL if
 * the level is a fixed word. */
static struct part find_part(struct topic *topic, const char *level,
                             size_t length)
{
    if (length == 1 && *level == 'O')
        return (struct part){topic->org, sizeof topic->org};
    if (length == 1 && *level == 'S')
        return (struct part){topic->scope, sizeof topic->scope};
    if (length == 1 && *level == 'I')
        return (struct part){topic->id, sizeof topic->id};
    if (length == 1 && *level == 'C')
        return (struct part){topic->screen, sizeof topic->screen};
    if (length == 1 && *level == 'N')
        return (struct part){topic->chunk, sizeof topic->chunk};
    return (struct part){NULL, 0};
}

static bool take_level(struct topic *topic, const char *pattern,
                       size_t pattern_length, const char *text,
                       size_t text_length)
{
    struct part part = find_part(topic, pattern, pattern_length);

    if (!part.text)
        return pattern_length == text_length &&
               memcmp(pattern, text, text_length) == 0;
    if (text_length >= part.size)
        return false;
    memcpy(part.text, text, text_length);
    part.text[text_length] = '\0';
    return true;
}

/* Splits the text along the pattern; the parts are not checked yet. */
static bool match(const char *pattern, const char *text, struct topic *topic)
{
    for (;;) {
        size_t pattern_length = strcspn(pattern, "/");
        size_t text_length = strcspn(text, "/");
        if (!take_level(topic, pattern, pattern_length, text, text_length))
            return false;
        pattern += pattern_length;
        text += text_length;
        if (*pattern == '\0' || *text == '\0')
            return *pattern == *text;
        pattern++;
        text++;
    }
}

/* A number without needless zeros. */
static bool chunk_is_valid(const char *chunk)
{
    size_t digits = strspn(chunk, "0123456789");

    return digits > 0 && chunk[digits] == '\0' &&
           (chunk[0] != '0' || digits == 1) && atoi(chunk) < LIMIT_CHUNKS;
}

static bool part_is_valid(const struct topic *topic, char part)
{
    switch (part) {
    case 'O':
        return identifier_is_valid(topic->org);
    case 'S':
        return topic->kind == TOPIC_TICK || topic->kind == TOPIC_KEYS
                   ? strcmp(topic->scope, "all") == 0
                   : scope_is_valid(topic->scope);
    case 'I':
        return topic->kind == TOPIC_PICTURE ? picture_digest_is_valid(topic->id)
                                            : identifier_is_valid(topic->id);
    case 'C':
        return identifier_is_valid(topic->screen);
    case 'N':
        return chunk_is_valid(topic->chunk);
    default:
        return true;
    }
}

/* Whether every part of this kind is valid. */
static bool is_valid(const struct topic *topic)
{
    for (const char *c = patterns[topic->kind]; *c; c++) {
        if (!part_is_valid(topic, *c))
            return false;
    }
    return true;
}

bool topic_parse(const char *text, struct topic *topic)
{
    if (strncmp(text, TOPIC_PREFIX, strlen(TOPIC_PREFIX)) != 0)
        return false;
    text += strlen(TOPIC_PREFIX);
    for (int kind = 0; kind < TOPIC_KIND_COUNT; kind++) {
        struct topic found = {.kind = (enum topic_kind)kind};
        if (match(patterns[kind], text, &found) && is_valid(&found)) {
            *topic = found;
            return true;
        }
    }
    return false;
}

bool topic_format(const struct topic *topic, char out[LIMIT_TOPIC_BYTES])
{
    struct topic parts = *topic;
    const char *level = patterns[topic->kind];

    if (!is_valid(topic))
        return false;
    char *end = stpcpy(out, TOPIC_PREFIX);
    for (;;) {
        size_t length = strcspn(level, "/");
        const char *part = find_part(&parts, level, length).text;
        end = part ? stpcpy(end, part) : mempcpy(end, level, length);
        level += length;
        if (*level == '\0')
            break;
        *end++ = *level++;
    }
    *end = '\0';
    return true;
}

bool topic_picture_filter(const char *org, const char *digest,
                          char out[LIMIT_TOPIC_BYTES])
{
    struct topic topic = {.kind = TOPIC_PICTURE, .chunk = "0"};

    snprintf(topic.org, sizeof topic.org, "%s", org);
    snprintf(topic.id, sizeof topic.id, "%s", digest);
    if (!topic_format(&topic, out))
        return false;
    out[strlen(out) - 1] = '+';
    return true;
}

size_t topic_filters(const struct screen_identity *screen,
                     char out[TOPIC_FILTER_MAX][LIMIT_TOPIC_BYTES])
{
    char scopes[SCOPE_MAX][SCOPE_BYTES];
    size_t scope_count = scope_list(screen, scopes);
    size_t count = 0;

    snprintf(out[count++], LIMIT_TOPIC_BYTES, "%s%.*s/down/all/keys",
             TOPIC_PREFIX, LIMIT_IDENTIFIER_BYTES, screen->org);
    for (size_t i = 0; i < scope_count; i++)
        snprintf(out[count++], LIMIT_TOPIC_BYTES, "%s%.*s/down/%.*s/#",
                 TOPIC_PREFIX, LIMIT_IDENTIFIER_BYTES, screen->org, SCOPE_BYTES,
                 scopes[i]);
    snprintf(out[count++], LIMIT_TOPIC_BYTES, "%s%.*s/command/%.*s",
             TOPIC_PREFIX, LIMIT_IDENTIFIER_BYTES, screen->org,
             LIMIT_IDENTIFIER_BYTES, screen->screen);
    return count;
}
