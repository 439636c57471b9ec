//! The people behind devices, for users who may see people.

use crate::endpoint::Endpoint;
use crate::refusal::Refusal;
use crate::store::{DevicePost, User};
use crate::view::Contact;

impl Endpoint {
    /// For each device the person to call; `None` for all of them if the user may not see people.
    pub(crate) fn contacts_of_devices(
        &self,
        user: &User,
        posts: &[DevicePost],
    ) -> Result<Vec<Option<Contact>>, Refusal> {
        if !user.role.is_sensitive() {
            return Ok(vec![None; posts.len()]);
        }
        let found = self.store().contacts_of(posts)?;
        let contact = |stored: crate::store::StoredContact| Contact {
            person: stored.person.to_string(),
            name: stored.name,
            phone: stored.phone,
        };
        Ok(found.into_iter().map(|stored| stored.map(contact)).collect())
    }
}
