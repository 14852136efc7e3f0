/* Finds out what may stand at the end of a command line. */
#include "base/completion.h"

#include "base/translate.h"

#include <string.h>

enum { NAME_BYTES = 96 };

static void print_clean(const char *text, FILE *out)
{
    for (; *text; text++)
        putc((unsigned char)*text < ' ' ? ' ' : *text, out);
}

void completion_offer(const struct completion *completion, const char *name,
                      const char *help)
{
    if (strncmp(name, completion->last, strlen(completion->last)) != 0)
        return;
    fprintf(completion->out, "%.*s%s\t", completion->before_length,
            completion->before, name);
    print_clean(help ? tr(help) : "", completion->out);
    putc('\n', completion->out);
}

static void offer_names(struct completion *completion, unsigned kinds)
{
    if (completion->names && (kinds & ~COMPLETION_FILES))
        completion->names(completion, kinds);
    if (kinds & COMPLETION_FILES)
        fputs(":files\n", completion->out);
}

static void offer_value(struct completion *completion,
                        const struct option_row *row)
{
    for (const struct option_choice *one = row->choices; one && one->name;
         one++)
        completion_offer(completion, one->name, NULL);
    offer_names(completion,
                row->names | (row->type->is_path ? COMPLETION_FILES : 0));
}

static void offer_flags(struct completion *completion)
{
    char name[NAME_BYTES];

    for (const struct option_row *row = completion->rows; row->type; row++) {
        if (!row->flag || !row->help ||
            !(row->groups & completion->command->groups))
            continue;
        snprintf(name, sizeof name, "--%s", row->flag);
        completion_offer(completion, name, row->help);
    }
}

/* The flag «--name» or «--name=…» that takes a value. */
static const struct option_row *find_flag(const struct completion *completion,
                                          const char *word)
{
    size_t length = strcspn(word, "=");

    if (strncmp(word, "--", 2) != 0)
        return NULL;
    for (const struct option_row *row = completion->rows; row->type; row++)
        if (row->flag && row->argument &&
            (row->groups & completion->command->groups) &&
            strlen(row->flag) == length - 2 &&
            strncmp(row->flag, word + 2, length - 2) == 0)
            return row;
    return NULL;
}

/* The flag whose value is completed. bash parts «--flag=value» into three
 * words. */
static const struct option_row *find_open_flag(struct completion *completion)
{
    const char *equals = strchr(completion->last, '=');
    int at = completion->word_count - 1;

    if (equals > completion->last && completion->last[0] == '-') {
        completion->before = completion->last;
        completion->before_length = (int)(equals + 1 - completion->last);
        completion->last = equals + 1;
        return find_flag(completion, completion->before);
    }
    if (strcmp(completion->last, "=") == 0)
        completion->last = "";
    else if (at > 0 && strcmp(completion->words[at], "=") == 0)
        at--;
    return at >= 0 && !strchr(completion->words[at], '=')
               ? find_flag(completion, completion->words[at])
               : NULL;
}

static bool flags_are_over(const struct completion *completion)
{
    for (int i = 0; i < completion->word_count; i++)
        if (strcmp(completion->words[i], "--") == 0)
            return true;
    return false;
}

/* Whether the name begins with the first words; *rest is what follows them. */
static bool begins_with(const char *name, int count, char **words,
                        const char **rest)
{
    for (int i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(name, words[i], length) != 0 ||
            (name[length] != ' ' && name[length] != '\0'))
            return false;
        name += length + (name[length] == ' ');
    }
    *rest = name;
    return true;
}

/* The command with the longest name that stands at the start of the words;
 * moves past the name. */
static void take_command(struct completion *completion)
{
    int taken = 0;

    for (size_t i = 0; i < completion->command_count; i++) {
        const struct completion_command *one = &completion->commands[i];
        const char *rest;
        int count = one->name[0] ? 1 : 0;
        for (const char *at = one->name; *at; at++)
            count += *at == ' ';
        if (count < taken || count > completion->word_count ||
            !begins_with(one->name, count, completion->words, &rest) || *rest)
            continue;
        completion->command = one;
        taken = count;
    }
    completion->words += taken;
    completion->word_count -= taken;
}

/* The next words of commands that begin with the first words. */
static void offer_commands(const struct completion *completion, int count,
                           char **words)
{
    char word[NAME_BYTES], before[NAME_BYTES] = "";
    const char *rest;

    for (size_t i = 0; i < completion->command_count; i++) {
        const struct completion_command *one = &completion->commands[i];
        if (!begins_with(one->name, count, words, &rest) || !*rest)
            continue;
        size_t length = strcspn(rest, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, rest);
        if (strcmp(word, before) == 0)
            continue;
        snprintf(before, sizeof before, "%s", word);
        completion_offer(completion, word, rest[length] ? "" : one->summary);
    }
}

void completion_print(struct completion *completion, int count, char **words)
{
    if (count < 1)
        return;
    completion->command = NULL;
    completion->words = words;
    completion->word_count = count - 1;
    completion->last = words[count - 1];
    completion->before = "";
    completion->before_length = 0;
    take_command(completion);
    const struct option_row *open = completion->command
                                        ? find_open_flag(completion)
                                        : NULL;
    bool over = flags_are_over(completion);
    if (open && !over) {
        offer_value(completion, open);
        return;
    }
    if (completion->last[0] == '-' && !over) {
        if (completion->command && completion->before_length == 0)
            offer_flags(completion);
        return;
    }
    offer_commands(completion, count - 1, words);
    if (completion->command)
        offer_names(completion, completion->command->operands);
}
