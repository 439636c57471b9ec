//! Which page a photo shows: by its tag, by its tables, or as a copy that witnesses hold.

use crate::geometry::FormGeometry;
use crate::gray::Gray;
use crate::page::{PageView, page_of, tag_in};
use crate::table;
use crate::tag::Tag;

/// Finds a page of `form` in a picture. About 1,600 pixels are best; more only cost time. The page of a copy
/// is not in position: its figures are elsewhere.
pub fn recognize(gray: &Gray, form: &FormGeometry) -> Option<PageView> {
    let (view, paper) = view_of_any(gray, form, tag_in(gray, form).as_ref())?;
    Some(if paper.form == form.form { view } else { view.of_copy() })
}

/// The page of `form` whose tag was found, else the one whose tables are seen, else that of a copy of `form`:
/// the view, and the geometry that it is a view of.
pub(crate) fn view_of_any<'a>(
    gray: &Gray,
    form: &'a FormGeometry,
    tag: Option<&Tag>,
) -> Option<(PageView, &'a FormGeometry)> {
    if let Some(tag) = tag {
        return page_of(gray, form, tag).map(|view| (view, form));
    }
    std::iter::once(form)
        .chain(form.copies())
        .find_map(|paper| table::find(gray, paper).map(|view| (view, paper)))
}
