/* Everything that turns a scene into pixels: theme, fonts, geometry, renderer.
 * Shared by the loop and by the command «render». */
#ifndef GAOSHI_DISPLAY_GLASS_H
#define GAOSHI_DISPLAY_GLASS_H

#include "base/data_path.h"
#include "display/core/page/furniture.h"
#include "display/core/page/page.h"
#include "display/edge/album/album.h"
#include "display/edge/config/config.h"
#include "display/edge/render/renderer.h"
#include "display/edge/text/fonts.h"

struct glass_options {
    const char *theme; /* name in data/themes, or a path with a slash */
    int width_px;      /* size of the lit area as it hangs, after rotation */
    int height_px;
    int rotation; /* 0, 90, 180, 270 */
    int height_mm;
    int viewing_mm;
    enum motion_level motion;
    const struct zone *zone; /* borrowed; NULL: the next field holds */
    int utc_offset_minutes;
    unsigned furniture; /* bits of enum furniture_part */
    bool forgiving; /* a theme or chain of fonts that cannot be read is logged
                       and replaced by that of the program */
    bool safe;      /* safe mode: the program's own theme, texts only */
    bool bare;      /* safe mode without any font file */
};

/* How alert and programme share the glass in one presentation. */
struct glass_parts {
    struct page_context alert; /* upper part */
    struct page_context
        programme;              /* the rest, with the marks around the page */
    struct page_context panels; /* area between the marks */
    unsigned furniture;         /* marks that fit below the alert */
    int programme_top_px;
};

struct glass {
    struct glass_options options; /* the theme's name is not kept */
    struct theme theme;
    struct fonts *fonts;
    struct renderer *renderer;
    struct page_context whole; /* for the plain page */
    struct glass_parts parts[PRESENTATION_COUNT];
    struct draw_list list; /* the frame that is being made */
    struct album *album;   /* borrowed; NULL: no pictures. Set by the owner */
    struct page_pictures pictures; /* for pages: those of the album */
};

/* Sets the album; NULL: no pictures. */
void glass_use_album(struct glass *glass, struct album *album);

/* A theme file by name or path. */
bool glass_read_theme(const char *theme, const struct data_path *data,
                      struct theme *out, struct problem *problem);

/* What the configuration says of the glass. The zone is borrowed; NULL: the
 * configured offset holds. */
struct glass_options glass_options_of(const struct config *config,
                                      const struct zone *zone);

/* Works in the caller's memory. Fonts that are not installed are logged. */
bool glass_init(struct glass *glass, const struct glass_options *options,
                const struct data_path *data, struct problem *problem);
void glass_finish(struct glass *glass); /* zeroed: nothing */

/* Sets a new size: everything made for the old one is invalid. False: no
 * memory, the old size stays. */
bool glass_resize(struct glass *glass, int width_px, int height_px);

/* Draws the list's glyphs into the atlas, at most so many that were not there.
 * True: more remain. */
bool glass_draw_ahead(struct glass *glass, const struct draw_list *list,
                      size_t glyphs);

/* Gives back memory that is needed only while something moves or is drawn for
 * the first time. */
void glass_rest(struct glass *glass);

/* The context for setting the message's pages at a place. */
struct page_context glass_context(const struct glass *glass,
                                  enum message_kind kind,
                                  const struct page_place *place);

#endif
