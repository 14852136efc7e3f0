/* Which elements there are, where they stand and what they must hold: one row
 * each. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_ROWS_H
#define GAOSHI_CAP_CAP_ROWS_H

#include "cap/cap.h"

enum cap_node {
    CAP_NODE_ALERT,
    CAP_NODE_INFO,
    CAP_NODE_AREA,
    CAP_NODE_RESOURCE,
    CAP_NODE_CODE, /* of China: holds methods */
    CAP_NODE_METHOD,
    CAP_NODE_PAIR,   /* valueName, value */
    CAP_NODE_LEAF,   /* text */
    CAP_NODE_MARKUP, /* an element of HTML within a text */
    CAP_NODE_SKIP,   /* read over with all that it holds */
};

/* What a text is for. */
enum cap_use {
    CAP_USE_WORD,   /* it is compared or named: it must be plain */
    CAP_USE_PROSE,  /* it is shown: markup of HTML is read */
    CAP_USE_TIME,   /* see cap_time.h */
    CAP_USE_UNUSED, /* whatever it is, the message stands */
};

/* What holds where an element that may stand once stands there again. */
enum cap_again {
    CAP_AGAIN_REFUSE, /* unless it says the same */
    CAP_AGAIN_FIRST,  /* the first one counts */
    CAP_AGAIN_JOIN,   /* no word is lost */
};

enum { CAP_WHY_BYTES = 160 };

struct cap_row {
    const char *name;
    enum cap_node parent;
    enum cap_node node;
    unsigned dialects;  /* that have it */
    unsigned required;  /* dialects that must have it: else refused */
    unsigned wanted;    /* dialects that should have it: else told */
    size_t offset;      /* in the parent's struct */
    size_t entry_bytes; /* of a list; 0: at most once */
    size_t most;        /* entries of a list */
    size_t text_bytes;  /* 0: CAP_LIMIT_TEXT_BYTES */
    enum cap_use use;
    enum cap_again again;
    bool spare; /* of a list: what is over its bound is not missed */
    /* Judges the text; else says why not. NULL: any text. */
    bool (*check)(const char *text, enum cap_dialect dialect,
                  char why[CAP_WHY_BYTES]);
};

extern const struct cap_row cap_rows[];
extern const size_t cap_row_count;

/* NULL: none of the dialects has such an element there. */
const struct cap_row *cap_row_find(enum cap_node parent, const char *name,
                                   unsigned dialects);

#endif
