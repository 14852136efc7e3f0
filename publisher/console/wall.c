/* Takes events of the session into a roster, a list of messages and tallies. */
#include "publisher/console/wall.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "publisher/fleet/inventory_file.h"
#include "publisher/outbox/kept_receipts.h"
#include "publisher/outbox/sent_alerts.h"
#include "publisher/send/grants.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

enum {
    FILTERS = 5,
    NAMES_MAX = 200,          /* of screens in one answer */
    EVENTS_A_TURN = 2000,     /* then others have their turn */
    CONDITION_MS = 30 * 1000, /* states grow old without a word */
};

struct wall {
    const struct options *options;
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    void (*tell)(void *context, const char *event, json_t *data);
    void *context;
    struct inventory inventory;
    struct roster roster;
    struct session *session;
    struct key_ring ring;
    bool has_list; /* the ring is that of a list of keys */
    struct wall_message *messages;
    size_t count, room, bytes;
    struct tally tally;
    unsigned char *news;       /* of each screen: changed since it was told */
    unsigned char *conditions; /* of each screen, as it was told */
    bool any_news, any_messages, any_receipts, any_line;
    bool connected, complete;
    int64_t line_ms; /* wall clock: since when */
    char reason[LINK_REASON_BYTES];
    int64_t told_ms, looked_ms;
};

static json_t *time_json(int64_t ms)
{
    return ms == TIMESTAMP_NONE || ms == 0 ? json_null() : json_integer(ms);
}

static bool open_line(struct wall *wall, struct problem *problem)
{
    const char *org = wall->options->org;
    char topics[FILTERS][LIMIT_TOPIC_BYTES];
    const char *const filters[FILTERS] = {topics[0], topics[1], topics[2],
                                          topics[3], topics[4]};
    static const char *const ends[FILTERS] = {
        "screen/+/presence", "screen/+/state", "screen/+/receipt",
        "down/+/alert/+", "down/+/panel/+"};

    for (size_t i = 0; i < FILTERS; i++)
        snprintf(topics[i], sizeof topics[i], "gaoshi/1/%s/%s", org, ends[i]);
    return session_open(wall->options, filters, FILTERS, true, &wall->session,
                        problem);
}

static bool read_list(struct wall *wall, struct problem *problem)
{
    struct message *list = NULL;
    bool good = grants_list(wall->options, &list, problem);

    wall->has_list = good && list;
    if (wall->has_list)
        good = key_list_apply(list->keys, &wall->ring, problem);
    message_destroy(list);
    return good;
}

static bool add_tally(struct wall *wall, const char *topic, const char *payload,
                      size_t bytes, int64_t seq)
{
    /* A sequence number is the time of sending, unless a clock was wrong. */
    struct tally_message about = {.seq = seq, .published_ms = seq};

    if (!tally_message_describe(topic, payload, bytes, &about))
        return false;
    for (size_t i = 0; i < wall->tally.count; i++)
        if (wall->tally.messages[i].seq == seq &&
            strcmp(wall->tally.messages[i].id, about.id) == 0)
            return true;
    if (wall->tally.count == WALL_TALLIES_MAX)
        tally_forget_first(&wall->tally);
    if (!tally_add(&wall->tally, &about))
        return false;
    for (size_t i = 0; i < wall->roster.count; i++)
        tally_note_screen(&wall->tally, (int)i);
    return true;
}

static bool add_receipt(void *context, const struct kept_receipt *kept)
{
    struct wall *wall = context;
    struct receipt receipt = {.event = kept->event, .at_ms = kept->at_ms};
    size_t last = wall->tally.count - 1;

    receipt.seq = wall->tally.messages[last].seq;
    snprintf(receipt.screen, sizeof receipt.screen, "%s", kept->screen);
    snprintf(receipt.reason, sizeof receipt.reason, "%s", kept->reason);
    snprintf(receipt.text, sizeof receipt.text, "%s", kept->text);
    tally_note_receipt(&wall->tally, last, &receipt);
    return true;
}

/* Alerts of earlier days that still stand are followed, too. */
static bool follow_live(struct wall *wall, struct problem *problem)
{
    struct sent_alerts sent = {0};
    struct outbox *outbox = NULL;

    if (!send_options_load_sent(wall->options, NULL, &sent, problem) ||
        !send_options_open_reading(wall->options, &outbox, problem)) {
        sent_alerts_finish(&sent);
        return false;
    }
    for (size_t i = sent.count; outbox && i-- > 0;) {
        const struct sent_alert *alert = &sent.items[i];
        struct topic topic = {.kind = TOPIC_ALERT};
        struct outbox_row row = {.payload = NULL};
        char text[LIMIT_TOPIC_BYTES];
        if (!sent_alert_is_live(alert, clock_wall_ms()))
            continue;
        snprintf(topic.org, sizeof topic.org, "%s", wall->options->org);
        snprintf(topic.scope, sizeof topic.scope, "%s", alert->scope);
        snprintf(topic.id, sizeof topic.id, "%s", alert->id);
        if (topic_format(&topic, text) &&
            outbox_find(outbox, text, &row, NULL) && row.payload &&
            add_tally(wall, text, row.payload, row.bytes, row.seq))
            kept_receipts_each(outbox_file(outbox), row.seq, add_receipt, wall,
                               NULL);
        free(row.payload);
    }
    outbox_close(outbox);
    sent_alerts_finish(&sent);
    return true;
}

static bool init(struct wall *wall, struct problem *problem)
{
    const char *file = wall->options->inventory_file;

    if (file && !inventory_load(file, &wall->inventory, problem))
        return false;
    if (!roster_init(&wall->roster, file ? &wall->inventory : NULL))
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    tally_init(&wall->tally, &wall->roster);
    wall->news = calloc(wall->roster.room, 1);
    wall->conditions = calloc(wall->roster.room, 1);
    if (!wall->news || !wall->conditions)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    return read_list(wall, problem) && follow_live(wall, problem) &&
           open_line(wall, problem);
}

bool wall_create(const struct options *options, const char *key_id,
                 void (*tell)(void *context, const char *event, json_t *data),
                 void *context, struct wall **out, struct problem *problem)
{
    struct wall *wall = calloc(1, sizeof *wall);

    if (!wall)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    wall->options = options;
    wall->tell = tell;
    wall->context = context;
    wall->line_ms = clock_wall_ms();
    snprintf(wall->key_id, sizeof wall->key_id, "%s", key_id);
    if (!init(wall, problem)) {
        wall_destroy(wall);
        return false;
    }
    *out = wall;
    return true;
}

static void message_free(struct wall_message *message)
{
    free(message->topic);
    free(message->payload);
    json_decref(message->about);
}

void wall_destroy(struct wall *wall)
{
    if (!wall)
        return;
    session_close(wall->session);
    tally_finish(&wall->tally);
    roster_finish(&wall->roster);
    inventory_finish(&wall->inventory);
    key_ring_finish(&wall->ring);
    while (wall->count > 0)
        message_free(&wall->messages[--wall->count]);
    free(wall->messages);
    free(wall->news);
    free(wall->conditions);
    free(wall);
}

int wall_fd(const struct wall *wall)
{
    return session_fd(wall->session);
}

/* What a list shows of a panel, an alert, or its end. */
static json_t *describe(const struct message *message)
{
    const struct alert *alert = &message->alert;

    switch (message->kind) {
    case MESSAGE_ALERT:
        /* Only CAP files tell when their source sent an alert. */
        return json_pack("{s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "cap",
                         alert->sent_ms != TIMESTAMP_NONE, "level",
                         alert_level_name(alert->level), "status",
                         alert_status_name(alert->status), "event",
                         alert->event, "headline", alert->headline,
                         "instruction", alert->instruction, "sender",
                         alert->sender, "description", alert->description);
    case MESSAGE_ALERT_CANCEL:
        return json_pack("{s:s, s:s}", "status",
                         alert_status_name(message->cancel.status), "reason",
                         message->cancel.reason);
    case MESSAGE_PANEL:
        return json_pack(
            "{s:O*, s:O*, s:O*, s:O*, s:O*}", "order",
            json_object_get(json_object_get(message->root, "panel"), "order"),
            "title",
            json_object_get(json_object_get(message->root, "panel"), "title"),
            "template",
            json_object_get(json_object_get(message->root, "panel"),
                            "template"),
            "section",
            json_object_get(json_object_get(message->root, "panel"), "section"),
            "schedule",
            json_object_get(json_object_get(message->root, "panel"),
                            "schedule"));
    default:
        return NULL;
    }
}

static enum wall_trust trust_of(const struct wall *wall,
                                const struct wall_message *one,
                                const struct message *message)
{
    struct envelope envelope;
    bool within;

    if (!wall->has_list)
        return WALL_UNKNOWN;
    if (!envelope_open(&wall->ring, one->payload, one->bytes, &envelope, NULL))
        return WALL_FALSE;
    const struct key_grant *grant = envelope.grant;
    within = grant->scope_count == 0;
    for (size_t i = 0; i < grant->scope_count; i++)
        within = within || scope_contains(grant->scopes[i], message->scope);
    return within && key_grant_allows(grant, message_roles(message->kind), NULL,
                                      message->issued_ms, NULL, NULL)
               ? WALL_VERIFIED
               : WALL_FALSE;
}

/* Fills *one from its topic and payload. */
static bool read_retained(const struct wall *wall, struct wall_message *one)
{
    struct message *message = NULL;
    struct topic topic;
    const char *line = memchr(one->payload, '\n', one->bytes);
    const char *key = envelope_peek_key_id(one->payload, one->bytes);

    if (!line || !key || !topic_parse(one->topic, &topic))
        return false;
    one->body = line + 1;
    if (!message_parse(one->body,
                       one->bytes - (size_t)(one->body - one->payload),
                       MESSAGE_RECEIVED, one->topic, &message, NULL) ||
        !message_agrees_with_topic(message, &topic, NULL)) {
        message_destroy(message);
        return false;
    }
    memcpy(one->key_id, key, LIMIT_KEY_ID_BYTES);
    snprintf(one->scope, sizeof one->scope, "%s", topic.scope);
    snprintf(one->id, sizeof one->id, "%s", topic.id);
    one->kind = message->kind;
    one->seq = message->seq;
    one->issued_ms = message->issued_ms;
    one->effective_ms = message->effective_ms;
    one->expires_ms = message->kind == MESSAGE_ALERT
                          ? message_alert_end_ms(message)
                          : message->expires_ms;
    one->is_own = strcmp(one->key_id, wall->key_id) == 0;
    one->trust = trust_of(wall, one, message);
    one->about = describe(message);
    message_destroy(message);
    return true;
}

static size_t place_of(const struct wall *wall, const char *topic)
{
    size_t place = 0;

    while (place < wall->count &&
           strcmp(wall->messages[place].topic, topic) != 0)
        place++;
    return place;
}

static void forget(struct wall *wall, size_t place)
{
    wall->bytes -= wall->messages[place].bytes;
    message_free(&wall->messages[place]);
    wall->messages[place] = wall->messages[--wall->count];
}

static bool make_place(struct wall *wall)
{
    if (wall->count < wall->room)
        return true;
    size_t room = wall->room ? 2 * wall->room : 64;
    struct wall_message *grown = realloc(wall->messages, room * sizeof *grown);
    if (!grown)
        return false;
    wall->messages = grown;
    wall->room = room;
    return true;
}

/* Takes the payload. */
static void take_retained(struct wall *wall, const char *topic, char *payload,
                          size_t bytes)
{
    struct wall_message one = {
        .topic = strdup(topic), .payload = payload, .bytes = bytes};
    size_t place = place_of(wall, topic);

    if (place < wall->count)
        forget(wall, place);
    wall->any_messages = true;
    if (bytes == 0 || !one.topic || wall->count >= WALL_MESSAGES_MAX ||
        wall->bytes + bytes > WALL_MESSAGES_BYTES || !make_place(wall) ||
        !read_retained(wall, &one)) {
        message_free(&one);
        return;
    }
    wall->bytes += bytes;
    wall->messages[wall->count++] = one;
    /* What another command of this operator sent is followed, too. */
    if (one.is_own &&
        (one.expires_ms == TIMESTAMP_NONE ||
         one.expires_ms > clock_wall_ms()) &&
        one.issued_ms > wall->line_ms - 60 * 1000)
        add_tally(wall, one.topic, one.payload, one.bytes, one.seq);
}

static void note(struct wall *wall, int screen)
{
    if (screen < 0)
        return;
    wall->news[screen] = 1;
    wall->any_news = true;
    tally_note_screen(&wall->tally, screen);
    wall->any_receipts = wall->any_receipts || wall->tally.count > 0;
}

static void take_receipt(struct wall *wall, const struct receipt *receipt)
{
    for (size_t i = 0; i < wall->tally.count; i++) {
        const struct tally_message *message = &wall->tally.messages[i];
        if (message->seq == receipt->seq &&
            strcmp(message->id, receipt->message) == 0) {
            tally_note_receipt(&wall->tally, i, receipt);
            wall->any_receipts = true;
        }
    }
}

static void set_line(struct wall *wall, bool connected, const char *reason)
{
    if (wall->connected != connected)
        wall->line_ms = clock_wall_ms();
    wall->connected = connected;
    wall->any_line = true;
    snprintf(wall->reason, sizeof wall->reason, "%s", reason);
}

static void take(struct wall *wall, struct session_event *event)
{
    switch (event->kind) {
    case SESSION_CONNECTED:
        set_line(wall, true, "");
        return;
    case SESSION_DISCONNECTED:
        set_line(wall, false, event->text);
        return;
    case SESSION_SUBSCRIBED:
        if (!event->granted)
            set_line(wall, wall->connected, event->text);
        return;
    case SESSION_MARKED:
        wall->complete = true;
        wall->any_line = true;
        return;
    case SESSION_PRESENCE:
        note(wall, roster_take_presence(&wall->roster, &event->presence));
        return;
    case SESSION_STATE:
        note(wall, roster_take_state(&wall->roster, event->state));
        return;
    case SESSION_RECEIPT:
        take_receipt(wall, &event->receipt);
        return;
    case SESSION_RETAINED:
        take_retained(wall, event->text, event->payload, event->bytes);
        return;
    case SESSION_PART:
        free(event->part);
        return;
    default:
        return;
    }
}

/* A screen in a row: what a tile needs, in the order of SCREEN_FIELDS of the
 * page. */
static json_t *row_of(const struct wall *wall, size_t number, int64_t now_ms)
{
    const struct roster_screen *screen = &wall->roster.screens[number];
    const struct screen_state *state = screen->state;
    char notes[ROSTER_NOTES_BYTES], chinese[ROSTER_NOTES_BYTES];

    const char *language = language_name_of_thread();

    /* Pages in both languages get the same rows. */
    language_of_thread("en");
    roster_notes(screen, now_ms, notes);
    language_of_thread("zh");
    roster_notes(screen, now_ms, chinese);
    language_of_thread(language);
    return json_pack("[s, s, s, s, i, s, I, o, s, s, s]", screen->id,
                     roster_place(screen), roster_area(screen),
                     roster_groups(screen),
                     (int)roster_condition(screen, now_ms),
                     state && state->showing ? state->showing : "",
                     (json_int_t)(state ? state->showing_seq : 0),
                     time_json(state ? state->at_ms : TIMESTAMP_NONE), notes,
                     state && state->light ? state->light : "", chinese);
}

json_t *wall_screens(const struct wall *wall)
{
    json_t *list = json_array();
    int64_t now_ms = clock_wall_ms();

    for (size_t i = 0; list && i < wall->roster.count; i++)
        json_array_append_new(list, row_of(wall, i, now_ms));
    return json_pack("{s:o, s:b, s:I}", "screens", list, "complete",
                     wall->complete, "passed_over",
                     (json_int_t)wall->roster.passed_over);
}

static void put_text(json_t *object, const char *name, const char *text)
{
    if (text && text[0])
        json_object_set_new(object, name, json_string(text));
}

static void put_state(json_t *object, const struct screen_state *state)
{
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        {"panels", state->panels},
        {"alerts", state->alerts},
        {"missing", state->missing},
        {"waiting", state->waiting},
        {"pictures_missing", state->pictures_missing},
        {"since_ms", state->since_ms},
        {"news_ms", state->news_ms},
        {"tick_ms", state->tick_ms},
        {"uptime_s", state->uptime_s},
        {"temperature_c", state->temperature_c},
        {"memory_free_bytes", state->memory_free_bytes},
        {"disk_free_bytes", state->disk_free_bytes},
        {"resident_bytes", state->resident_bytes},
        {"last_error_ms", state->last_error_ms},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i].value > 0)
            json_object_set_new(object, numbers[i].name,
                                json_integer(numbers[i].value));
    put_text(object, "version", state->version);
    put_text(object, "system", state->system);
    put_text(object, "glass", state->glass);
    put_text(object, "clock_reason", state->clock_reason);
    put_text(object, "throttled", state->throttled);
    put_text(object, "line_problem", state->line_problem);
    put_text(object, "last_error", state->last_error);
    json_object_set_new(object, "clock_trusted",
                        json_boolean(state->clock_trusted));
    json_object_set_new(object, "store_ok", json_boolean(state->store_ok));
    json_object_set_new(object, "safe_mode", json_boolean(state->safe_mode));
    json_object_set_new(object, "frozen", json_boolean(state->frozen));
}

json_t *wall_screen(const struct wall *wall, const char *id)
{
    int number = roster_find(&wall->roster, id);

    if (number < 0)
        return NULL;
    json_t *object = json_pack("{s:o}", "row",
                               row_of(wall, (size_t)number, clock_wall_ms()));
    if (object && wall->roster.screens[number].state)
        put_state(object, wall->roster.screens[number].state);
    return object;
}

const char *wall_place(const struct wall *wall, const char *id)
{
    int number = roster_find(&wall->roster, id);

    return number < 0 ? "" : roster_place(&wall->roster.screens[number]);
}

static json_t *message_json(const struct wall_message *message)
{
    static const char *const trusts[] = {"verified", "unknown", "false"};

    return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:s, s:b, s:s, s:O*}",
                     "kind", message_kind_name(message->kind), "id",
                     message->id, "scope", message->scope, "seq",
                     (json_int_t)message->seq, "issued_ms",
                     time_json(message->issued_ms), "effective_ms",
                     time_json(message->effective_ms), "expires_ms",
                     time_json(message->expires_ms), "key", message->key_id,
                     "own", message->is_own, "trust", trusts[message->trust],
                     "about", message->about);
}

static bool is_alert(const struct wall_message *message)
{
    return message->kind == MESSAGE_ALERT ||
           message->kind == MESSAGE_ALERT_CANCEL;
}

json_t *wall_messages(const struct wall *wall, bool alerts)
{
    json_t *list = json_array();
    int64_t now_ms = clock_wall_ms();

    for (size_t i = 0; list && i < wall->count; i++) {
        const struct wall_message *message = &wall->messages[i];
        bool over = message->expires_ms != TIMESTAMP_NONE &&
                    message->expires_ms <= now_ms;
        if (is_alert(message) == alerts && !over &&
            message->kind != MESSAGE_PANEL_REMOVAL)
            json_array_append_new(list, message_json(message));
    }
    return list;
}

static json_t *totals_of(const struct wall *wall, size_t number)
{
    const struct tally_message *message = &wall->tally.messages[number];
    struct tally_counts counts = tally_count(&wall->tally, number);

    return json_pack(
        "{s:s, s:s, s:I, s:b, s:b, s:i, s:i, s:i, s:i, s:i, s:i, s:o}", "id",
        message->id, "scope", message->scope, "seq", (json_int_t)message->seq,
        "alert", message->is_alert, "ends", message->ends_something, "expected",
        (int)counts.expected, "reached", (int)counts.classes[TALLY_REACHED],
        "refusing", (int)counts.classes[TALLY_REFUSING], "waiting",
        (int)counts.classes[TALLY_WAITING], "offline",
        (int)counts.classes[TALLY_OFFLINE], "silent",
        (int)counts.classes[TALLY_SILENT], "last_after_ms",
        message->last_after_ms < 0 ? json_null()
                                   : json_integer(message->last_after_ms));
}

json_t *wall_tallies(const struct wall *wall)
{
    json_t *list = json_array();

    for (size_t i = wall->tally.count; list && i-- > 0;)
        json_array_append_new(list, totals_of(wall, i));
    return list;
}

static void add_screens(const struct wall *wall, size_t number,
                        enum tally_class wanted, json_t *list)
{
    for (size_t i = 0;
         i < wall->roster.count && json_array_size(list) < NAMES_MAX; i++) {
        const struct roster_screen *screen = &wall->roster.screens[i];
        const struct tally_refusal *refusal = tally_find_refusal(&wall->tally,
                                                                 number, i);
        enum tally_class class;
        if (tally_class_of(&wall->tally, number, i, &class) && class == wanted)
            json_array_append_new(
                list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", screen->id,
                                "place", roster_place(screen), "class",
                                tally_class_name(&wall->tally.messages[number],
                                                 class),
                                "reason", refusal ? refusal->reason : "",
                                "text", refusal ? refusal->text : ""));
    }
}

json_t *wall_tally(const struct wall *wall, const char *id)
{
    static const enum tally_class order[] = {TALLY_REFUSING, TALLY_WAITING,
                                             TALLY_OFFLINE, TALLY_SILENT,
                                             TALLY_REACHED};

    for (size_t i = wall->tally.count; i-- > 0;) {
        if (strcmp(wall->tally.messages[i].id, id) != 0)
            continue;
        json_t *list = json_array();
        for (size_t k = 0; list && k < sizeof order / sizeof order[0]; k++)
            add_screens(wall, i, order[k], list);
        return json_pack("{s:o, s:o}", "totals", totals_of(wall, i), "screens",
                         list);
    }
    return NULL;
}

json_t *wall_scope(const struct wall *wall, const char *scope)
{
    json_t *names = json_array();
    int64_t now_ms = clock_wall_ms();
    int expected = 0, down = 0;

    for (size_t i = 0; i < wall->roster.count; i++) {
        const struct roster_screen *screen = &wall->roster.screens[i];
        if (!roster_covers(screen, scope))
            continue;
        expected++;
        down += roster_condition(screen, now_ms) >= ROSTER_OFFLINE;
        if (json_array_size(names) < NAMES_MAX)
            json_array_append_new(names,
                                  json_pack("[s, s, i, s]", screen->id,
                                            roster_place(screen),
                                            roster_condition(screen, now_ms),
                                            roster_groups(screen)));
    }
    return json_pack("{s:i, s:i, s:o}", "screens", expected, "down", down,
                     "names", names);
}

json_t *wall_line(const struct wall *wall)
{
    return json_pack("{s:b, s:b, s:I, s:s}", "connected", wall->connected,
                     "complete", wall->complete, "since_ms",
                     (json_int_t)wall->line_ms, "reason", wall->reason);
}

const struct wall_message *wall_find(const struct wall *wall, const char *slot,
                                     int64_t seq)
{
    const char *slash = strchr(slot, '/');
    size_t length = slash ? (size_t)(slash - slot) : 0;

    for (size_t i = 0; slash && i < wall->count; i++) {
        const struct wall_message *message = &wall->messages[i];
        const char *kind = message->kind == MESSAGE_PANEL          ? "panel"
                           : message->kind == MESSAGE_ALERT        ? "alert"
                           : message->kind == MESSAGE_ALERT_CANCEL ? "clear"
                                                                   : "";
        if (strlen(kind) == length && strncmp(slot, kind, length) == 0 &&
            strcmp(slash + 1, message->id) == 0 &&
            (seq == 0 || message->seq == seq) && message->trust != WALL_FALSE)
            return message;
    }
    return NULL;
}

bool wall_follow(struct wall *wall, const char *topic)
{
    struct outbox *outbox = NULL;
    struct outbox_row row = {.payload = NULL};
    struct problem problem = {0};
    bool found = send_options_open_reading(wall->options, &outbox, &problem) &&
                 outbox && outbox_find(outbox, topic, &row, NULL) &&
                 row.payload &&
                 add_tally(wall, topic, row.payload, row.bytes, row.seq);

    free(row.payload);
    outbox_close(outbox);
    wall->any_receipts = wall->any_receipts || found;
    return found;
}

/* Screens whose state grew old meanwhile. */
static void look_at_conditions(struct wall *wall, int64_t now_ms)
{
    int64_t wall_ms = clock_wall_ms();

    if (now_ms < wall->looked_ms + CONDITION_MS)
        return;
    wall->looked_ms = now_ms;
    for (size_t i = 0; i < wall->roster.count; i++)
        if ((int)wall->conditions[i] !=
            (int)roster_condition(&wall->roster.screens[i], wall_ms)) {
            wall->news[i] = 1;
            wall->any_news = true;
        }
}

static void tell_screens(struct wall *wall)
{
    json_t *list = json_array();
    int64_t wall_ms = clock_wall_ms();

    for (size_t i = 0; list && i < wall->roster.count; i++) {
        if (!wall->news[i])
            continue;
        wall->news[i] = 0;
        wall->conditions[i] =
            (unsigned char)roster_condition(&wall->roster.screens[i], wall_ms);
        json_array_append_new(list, row_of(wall, i, wall_ms));
    }
    wall->any_news = false;
    wall->tell(wall->context, "screens", list);
}

static void tell_news(struct wall *wall, int64_t now_ms)
{
    if (now_ms < wall->told_ms + WALL_TELL_MS)
        return;
    wall->told_ms = now_ms;
    if (wall->any_line)
        wall->tell(wall->context, "line", wall_line(wall));
    if (wall->any_news)
        tell_screens(wall);
    if (wall->any_messages)
        wall->tell(wall->context, "messages", json_true());
    if (wall->any_receipts)
        wall->tell(wall->context, "tallies", wall_tallies(wall));
    wall->any_line = wall->any_messages = wall->any_receipts = false;
}

int64_t wall_turn(struct wall *wall, int64_t now_ms)
{
    struct session_event event;
    int taken = 0;

    while (taken < EVENTS_A_TURN && session_next(wall->session, 0, &event)) {
        take(wall, &event);
        taken++;
    }
    look_at_conditions(wall, now_ms);
    tell_news(wall, now_ms);
    if (taken == EVENTS_A_TURN)
        return now_ms;
    return wall->any_line || wall->any_news || wall->any_messages ||
                   wall->any_receipts
               ? wall->told_ms + WALL_TELL_MS
               : wall->looked_ms + CONDITION_MS;
}
