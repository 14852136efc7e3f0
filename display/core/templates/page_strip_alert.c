/* An alert on a strip: what to do comes first, and again after every few
 * pages of what else there is to say. */
#include "display/core/page/page_template.h"

#include "display/core/templates/page_clear.h"

/* After so many times its own pages the instruction is shown again. */
enum { REMIND_TIMES = 3 };

struct strip_alert {
    struct page_build *build;
    size_t reminded; /* pages there were when the instruction last ended */
    size_t pages;    /* of the instruction */
};

static void remind(struct strip_alert *strip)
{
    struct page_build *build = strip->build;
    size_t before = build->set->count;
    page_strip_say(build, build->message->alert.instruction, TYPE_SANS_BOLD,
                   build->text);
    strip->reminded = build->set->count;
    strip->pages = strip->reminded - before;
}

static void say(struct strip_alert *strip, const char *words,
                enum type_role role)
{
    if (words[0] == '\0')
        return;
    size_t since = strip->build->set->count - strip->reminded;
    if (strip->pages > 0 && since >= REMIND_TIMES * strip->pages)
        remind(strip);
    page_strip_say(strip->build, words, role, strip->build->text);
}

/* The label goes with its text, or before it, or away where it is not
 * needed. */
static void say_fact(struct strip_alert *strip, const struct alert_fact *fact)
{
    struct page_build *build = strip->build;
    const char *both = page_strip_joined(build, fact->label, fact->text);
    if (page_strip_fits(build, both)) {
        say(strip, both, TYPE_SANS);
        return;
    }
    if (!fact->bare)
        say(strip, fact->label, TYPE_SANS);
    say(strip, fact->text, TYPE_SANS);
}

/* Which of several alerts it is goes with the event where it fits. */
static void say_event(struct strip_alert *strip)
{
    struct page_build *build = strip->build;
    const char *event = page_alert_event(build);
    const char *stack = page_stack_words(build);
    const char *both = page_strip_joined(build, event, stack);
    bool fits = page_strip_fits(build, both);
    say(strip, fits ? both : event, TYPE_SANS_BOLD);
    if (!fits)
        say(strip, stack, TYPE_SANS_BOLD);
}

static void alert_header(struct page_build *build)
{
    page_put_drill_mark(build, build->message->alert.status);
}

void page_strip_alert(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    struct strip_alert strip = {.build = build};
    page_alert_colours(build);
    build->header = alert_header;
    build->settle = 0.5;
    remind(&strip);
    say_event(&strip);
    say(&strip, page_alert_response(build), TYPE_SANS_BOLD);
    struct alert_fact facts[ALERT_FACTS];
    size_t count = page_alert_facts(build, true, facts);
    for (size_t i = 0; i < count; i++)
        say_fact(&strip, &facts[i]);
    say(&strip, alert->web, TYPE_SANS);
    say(&strip, alert->headline, TYPE_SANS);
    say(&strip, alert->description, TYPE_SANS);
    say(&strip, alert->instruction_en, TYPE_SANS);
    say(&strip, alert->event_en, TYPE_SANS);
    say(&strip, alert->headline_en, TYPE_SANS);
}

static void clear_header(struct page_build *build)
{
    page_put_drill_mark(build, build->message->cancel.status);
}

void page_strip_clear(struct page_build *build)
{
    struct strip_alert strip = {.build = build};
    struct alert_fact facts[CLEAR_FACTS];
    page_clear_colours(build);
    build->header = clear_header;
    build->settle = 0.5;
    say(&strip,
        page_strip_joined(build, page_clear_event(build),
                          build->theme->words[WORD_CLEAR]),
        TYPE_SANS_BOLD);
    say(&strip, page_clear_remaining(build), TYPE_SANS_BOLD);
    say(&strip, build->message->cancel.reason, TYPE_SANS);
    size_t count = page_clear_facts(build, facts);
    for (size_t i = 0; i < count; i++)
        say_fact(&strip, &facts[i]);
    say(&strip, page_clear_english(build), TYPE_SANS);
}
