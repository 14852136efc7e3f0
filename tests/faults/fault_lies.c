/* What a malicious broker may do with what it has and with what it makes up.
 * Whatever it is, the glass stays, and the next genuine wording comes. */
#include "tests/faults/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the liar has: everything that ever went over the line, and a key that
 * no screen trusts (any more). */
struct liar {
    struct lane *lane;
    struct peer *ear;
    struct signer *stranger;
    int time;
};

static const char flood_topic[] = "gaoshi/1/erqi/down/all/alert/flood";
static const char panel_topic[] = "gaoshi/1/erqi/down/all/panel/built-up";

static bool say(struct liar *liar, const char *topic, const char *payload,
                size_t bytes)
{
    return peer_publish(liar->lane->operator, topic, payload, bytes, true);
}

static bool say_text(struct liar *liar, const char *topic, const char *text)
{
    return text && say(liar, topic, text, strlen(text));
}

/* Sealed by this signer, in the slot of the alert or of another. */
static bool say_sealed(struct liar *liar, struct signer *signer,
                       const char *kind, const char *id, int64_t seq,
                       const char *content)
{
    const struct signer_message message = {
        .kind = kind, .id = id, .seq = seq, .content = content};
    char topic[512];
    char *text = signer_seal(signer, &message);

    signer_topic(&message, topic);
    bool said = say_text(liar, topic, text);
    free(text);
    return said;
}

static bool forge(struct liar *liar)
{
    static const char junk[] = "gaoshi1 0123456789abcdef AAAA\n{}";
    const struct signer_message red = {.kind = "alert",
                                       .id = lane_alert_id,
                                       .seq = liar->lane->seq + 5,
                                       .content = lane_wording(0, "red")};
    char *text = signer_seal(liar->lane->signer, &red);
    bool said = text && say_text(liar, flood_topic, junk) &&
                say_text(liar, flood_topic, strchr(text, '\n') + 1);

    /* One word of the body is another than was signed. */
    char *word = text ? strstr(text, "全区") : NULL;
    if (word)
        memcpy(word, "全市", strlen("全市"));
    said = said && word && say_text(liar, flood_topic, text);
    free(text);
    return said;
}

static bool use_old_key(struct liar *liar)
{
    return say_sealed(liar, liar->stranger, "alert", lane_alert_id,
                      liar->lane->seq + 5, lane_wording(0, "red")) &&
           say_sealed(liar, liar->stranger, "alert", "forged", 1,
                      lane_wording(0, "red")) &&
           say_sealed(liar, liar->stranger, "alert-cancel", lane_alert_id,
                      liar->lane->seq + 6,
                      "{\"status\": \"actual\", \"event\": \"暴雨\"}") &&
           say_sealed(liar, liar->stranger, "panel-removal", lane_panel_id, 9,
                      NULL);
}

/* Every wording that there ever was, and an alert after its own cancel. */
static bool replay(struct liar *liar)
{
    char id[32];

    snprintf(id, sizeof id, "over-%d", liar->time);
    for (size_t i = 0; i < peer_messages(liar->ear); i++) {
        const struct peer_message *heard = peer_wait_message(liar->ear, i);
        if (!heard || !say(liar, flood_topic, heard->payload, heard->bytes))
            return false;
        if (i > 20)
            break;
    }
    return say_sealed(liar, liar->lane->signer, "alert-cancel", id, 2,
                      "{\"status\": \"actual\", \"event\": \"暴雨\"}") &&
           say_sealed(liar, liar->lane->signer, "alert", id, 1,
                      lane_wording(0, "red"));
}

/* Five wordings, the newest first. */
static bool reorder(struct liar *liar)
{
    int64_t seq = liar->lane->seq;

    for (int64_t i = 5; i > 0; i--) {
        if (!say_sealed(liar, liar->lane->signer, "alert", lane_alert_id,
                        seq + i, lane_wording(seq + i, "orange")))
            return false;
    }
    liar->lane->seq = seq + 5;
    return true;
}

static bool move(struct liar *liar)
{
    static const char *const topics[] = {
        "gaoshi/1/erqi/down/all/alert/other",
        "gaoshi/1/erqi/down/all/panel/flood",
        "gaoshi/1/erqi/down/screen-lobby-1/alert/flood", panel_topic,
        "gaoshi/1/erqi/command/lobby-1"};
    const struct signer_message red = {.kind = "alert",
                                       .id = "elsewhere",
                                       .seq = 1,
                                       .content = lane_wording(0, "red")};
    char *text = signer_seal(liar->lane->signer, &red);
    bool said = text != NULL;

    for (size_t i = 0; said && i < sizeof topics / sizeof topics[0]; i++)
        said = say_text(liar, topics[i], text);
    free(text);
    return said;
}

static bool empty(struct liar *liar)
{
    return say(liar, flood_topic, "", 0) && say(liar, panel_topic, "", 0);
}

static bool listen_and_learn(struct liar *liar)
{
    liar->ear = peer_connect(broker_url(liar->lane->broker), "ear");
    liar->stranger = signer_create(liar->lane->folder, "stranger");
    return liar->ear && liar->stranger &&
           peer_subscribe(liar->ear, flood_topic);
}

static void lie(const struct fault *fault, struct fault_context *context,
                bool (*tell)(struct liar *liar))
{
    struct lane lane;
    struct liar liar = {.lane = &lane};
    bool good = lane_open(&lane, context->eye, context->pictures,
                          &fault->lane) &&
                listen_and_learn(&liar) && lane_start_display(&lane) &&
                lane_update(&lane) && lane_wait(&lane, 0) >= 0;

    for (int time = 0; good && time < context->times; time++) {
        liar.time = time;
        good = tell(&liar) && lane_wait(&lane, 0) >= 0 && lane_update(&lane);
        if (good && lane_wait(&lane, 0) < 0)
            fault_note_lost(context, "the genuine wording after it", time);
        context->out->tried += good;
    }
    peer_destroy(liar.ear);
    signer_destroy(liar.stranger);
    context->out->failed = !lane_close(&lane) || !good;
}

#define LIE(word)                                                              \
    static void run_##word(const struct fault *fault,                          \
                           struct fault_context *context)                      \
    {                                                                          \
        lie(fault, context, word);                                             \
    }
LIE(forge)
LIE(use_old_key)
LIE(replay)
LIE(reorder)
LIE(move)
LIE(empty)

const struct fault lie_faults[] = {
    {"lie-forged", "unsigned, badly signed, and one word changed", 200, 1,
     .run = run_forge},
    {"lie-old-key", "alert, cancel and removal by a key that is not trusted",
     200, 1, .run = run_use_old_key},
    {"lie-replayed",
     "what was signed once is sent again, an alert after its "
     "cancel",
     200, 1, .run = run_replay},
    {"lie-reordered", "five wordings, the newest first", 200, 1,
     .run = run_reorder},
    {"lie-moved", "a signed alert on the topics of others", 200, 1,
     .run = run_move},
    {"lie-emptied", "empty retained payloads on alert and panel", 200, 1,
     .run = run_empty},
    {.name = NULL},
};
