/* command: asks screens to do something, and tells what they answered. */
#include "base/escape.h"
#include "base/files.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "publisher/cli/tell.h"
#include "publisher/screens/asking.h"
#include "publisher/screens/screens.h"
#include "publisher/send/send_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts of so many screens are told one by one. */
enum { TEXTS_MAX = 20, PATH_BYTES = 4096, PICTURE_MODE = 0644 };

/* What the operator typed. */
struct order {
    const struct options *options;
    const char *screen; /* NULL: all of the scope */
    enum command_verb verb;
    json_t *command;
};

static bool find_verb(const char *word, enum command_verb *out)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (i != COMMAND_PLAYS &&
            strcmp(word, command_verb_name((enum command_verb)i)) == 0) {
            *out = (enum command_verb)i;
            return true;
        }
    tell_line("'%s': expected identify, screenshot, reload, brightness, night, "
              "restart or config",
              word);
    return false;
}

static bool read_value(enum command_verb verb, const char *word, int *out)
{
    char *end;

    if (verb == COMMAND_NIGHT) {
        *out = strcmp(word, "on") == 0;
        if (*out || strcmp(word, "off") == 0)
            return true;
        tell_line("night '%s': expected on or off", word);
        return false;
    }
    long number = strtol(word, &end, 10);
    *out = (int)number;
    if (end != word && !*end && number >= 0 && number <= 100)
        return true;
    tell_line("brightness '%s': expected a whole number from 0 to 100", word);
    return false;
}

/* The words behind the screen. */
static bool read_verb(struct order *order, int count, char **words)
{
    int value;

    if (count == 0) {
        tell_line("what shall %s do? Expected identify, screenshot, …",
                  order->screen ? order->screen : tr("they"));
        return false;
    }
    if (!find_verb(words[0], &order->verb))
        return false;
    bool valued = order->verb == COMMAND_BRIGHTNESS ||
                  order->verb == COMMAND_NIGHT;
    if (count != (valued ? 2 : 1)) {
        tell_line("%s: expected %s behind it", words[0],
                  !valued                        ? tr("nothing")
                  : order->verb == COMMAND_NIGHT ? tr("on or off")
                                                 : tr("a number"));
        return false;
    }
    if (valued && !read_value(order->verb, words[1], &value))
        return false;
    order->command = valued ? json_pack("{s:s, s:i}", "verb", words[0], "value",
                                        value)
                            : json_pack("{s:s}", "verb", words[0]);
    return order->command != NULL;
}

static bool read_order(struct order *order, int count, char **words)
{
    const struct options *options = order->options;
    bool scoped = option_is_typed(options, "scope");

    if (!scoped)
        order->screen = words[0];
    if (!scoped && !identifier_is_valid(order->screen)) {
        tell_line("'%s': a screen's id has a-z 0-9 . _ -; several screens are "
                  "named by --scope",
                  order->screen);
        return false;
    }
    if (scoped && !scope_is_valid(options->scope)) {
        tell_line("--scope '%s': expected all, area-CODE, group-NAME or "
                  "screen-ID",
                  options->scope);
        return false;
    }
    if (!read_verb(order, count - !scoped, words + !scoped))
        return false;
    if ((order->verb == COMMAND_SCREENSHOT) > (options->out_file != NULL)) {
        tell_line("screenshot: where to? --out FILE.png, or a folder with "
                  "--scope");
        return false;
    }
    if (options->dry_run) {
        tell_line("--dry-run: a command is not written before it is sent");
        return false;
    }
    return send_options_check(options);
}

/* Line by line: what a terminal would obey is escaped. */
static void print_text(const unsigned char *text, size_t bytes)
{
    const char *at = (const char *)text, *end = at + bytes;

    while (at < end) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        int length = (int)((feed ? feed : end) - at);
        tell_result("%.*s", length, at);
        at += length + 1;
    }
}

/* A picture is one by its first bytes: nothing else is written as such. */
static bool is_right(enum command_verb verb,
                     const struct reply_assembly *assembly)
{
    static const unsigned char png[] = {0x89, 'P',  'N',  'G',
                                        '\r', '\n', 0x1A, '\n'};

    if (verb == COMMAND_CONFIG)
        return strcmp(assembly->kind, "text/plain") == 0;
    return strcmp(assembly->kind, "image/png") == 0 &&
           assembly->total_bytes > sizeof png &&
           memcmp(assembly->whole, png, sizeof png) == 0;
}

static bool write_whole(const struct order *order, const char *screen,
                        const struct reply_assembly *assembly)
{
    const char *out = order->options->out_file;
    struct problem problem = {.code = PROBLEM_NONE};
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s", out);
    if (!order->screen) {
        if (!folder_ensure(out, &problem)) {
            tell_problem(&problem);
            return false;
        }
        snprintf(path, sizeof path, "%s/%s.%s", out, screen,
                 order->verb == COMMAND_SCREENSHOT ? "png" : "conf");
    }
    if (file_replace_bytes(path, PICTURE_MODE, assembly->whole,
                           assembly->total_bytes, &problem)) {
        if (!order->options->json)
            tell_result("%s: %s", screen, path);
        return true;
    }
    tell_problem(&problem);
    return false;
}

/* False: it is not what was asked for, or it cannot be written. */
static bool hand_out(const struct order *order, const char *screen,
                     const struct asking_answer *answer)
{
    if (!answer->whole)
        return true;
    if (!is_right(order->verb, &answer->assembly)) {
        tell_line("%s sent something else than was asked for; nothing is "
                  "written",
                  screen);
        return false;
    }
    if (order->options->out_file)
        return write_whole(order, screen, &answer->assembly);
    if (order->options->json)
        return true; /* it is in the object */
    if (!order->screen)
        tell_result("# %s", screen);
    print_text(answer->assembly.whole, answer->assembly.total_bytes);
    return true;
}

static json_t *answer_object(const struct order *order,
                             const struct asking *asking, size_t screen,
                             enum tally_class class)
{
    const struct tally *tally = &asking->tally;
    const struct asking_answer *answer = asking_answer_of(asking, screen);
    const struct tally_refusal *refusal = tally_find_refusal(tally, 0, screen);
    json_t *object = json_pack("{s:s, s:s, s:s*}", "screen",
                               tally->roster->screens[screen].id, "answer",
                               tally_class_name(&tally->messages[0], class),
                               "reason", refusal ? refusal->reason : NULL);

    if (answer && answer->told)
        json_object_set_new(object, "text", json_string(answer->text));
    if (answer && answer->whole && order->verb == COMMAND_CONFIG)
        json_object_set_new(object, "config",
                            json_stringn((const char *)answer->assembly.whole,
                                         answer->assembly.total_bytes));
    return object;
}

static void print_json(const struct order *order, const struct asking *asking)
{
    json_t *list = json_array();

    for (size_t i = 0; i < asking->tally.roster->count; i++) {
        enum tally_class class;
        if (tally_class_of(&asking->tally, 0, i, &class))
            json_array_append_new(list, answer_object(order, asking, i, class));
    }
    tell_json(json_pack("{s:O, s:I, s:o}", "command", order->command, "seq",
                        (json_int_t)asking->seq, "answers", list));
}

/* What screens said beside «done»; the tally tells the refusals. */
static void print_answers(const struct asking *asking)
{
    struct tally_counts counts = tally_count(&asking->tally, 0);

    if (counts.expected > TEXTS_MAX)
        return;
    for (size_t i = 0; i < asking->tally.roster->count; i++) {
        const struct asking_answer *answer = asking_answer_of(asking, i);
        enum tally_class class;
        if (answer && answer->told && answer->text[0] &&
            tally_class_of(&asking->tally, 0, i, &class) &&
            class == TALLY_REACHED)
            tell_result("%s: %s", asking->tally.roster->screens[i].id,
                        answer->text);
    }
}

static enum publish_exit tell(const struct order *order,
                              const struct asking *asking)
{
    bool written = true;

    if (order->options->json) {
        print_json(order, asking);
    } else if (!(order->verb == COMMAND_CONFIG && !order->options->out_file &&
                 tally_view_is_enough(&asking->tally, 1000))) {
        /* The configuration alone is what goes to standard output. */
        print_answers(asking);
        tally_view_print(&asking->tally);
    }
    for (size_t i = 0; i < asking->tally.roster->count; i++) {
        const struct asking_answer *answer = asking_answer_of(asking, i);
        if (answer)
            written &= hand_out(order, asking->tally.roster->screens[i].id,
                                answer);
    }
    if (asking->interrupted)
        tell_line("screens that have not answered may still do it, for %d s",
                  ASKING_LASTS_S);
    if (!written)
        return PUBLISH_OTHER;
    return tally_view_is_enough(&asking->tally, 1000) ? PUBLISH_DONE
                                                      : PUBLISH_FEW;
}

enum publish_exit command_screens_run(const struct options *options, int count,
                                      char **operands)
{
    struct order order = {.options = options};
    struct asking asking;

    if (!read_order(&order, count, operands)) {
        json_decref(order.command);
        return PUBLISH_USAGE;
    }
    enum publish_exit code = asking_open(&asking, options);
    if (code == PUBLISH_DONE && asking_run(&asking, order.verb, order.command,
                                           order.screen, options->scope, &code))
        code = tell(&order, &asking);
    asking_close(&asking);
    json_decref(order.command);
    return code;
}
