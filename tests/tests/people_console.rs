//! The console's screens about people and the day of voting, in the browser, on the real endpoint.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use fantoccini::key::Key;
use saksi_tests::data::{demo_election, root};
use saksi_tests::{Browser, Desktop, Endpoint, Page};

const DESA: &str = "52.71.05.1001";
const STATION: &str = "52.71.05.1001-001";
const PASSWORD: &str = "sebuah kata sandi panjang";
/// A name that would run a script in a page that took it for markup, with letters from right to left.
const HOSTILE: &str = "<img src=x onerror=\"window.hacked=1\"> 'Nurul' & محمد عبدالرحمن";

struct Console {
    endpoint: Endpoint,
    browser: Browser,
}

impl Console {
    /// The console of a new endpoint, with a coordinator who is logged in.
    async fn open() -> Result<Self> {
        let mut endpoint = Endpoint::new(&demo_election())?;
        endpoint.start()?;
        endpoint.add_user("koordinator", "coordinator", PASSWORD)?;
        let browser = Browser::open().await?;
        browser.log_in(&endpoint.url()?, "koordinator", PASSWORD).await?;
        Ok(Self { endpoint, browser })
    }

    /// Goes to an address of the console.
    async fn go(&self, hash: &str) -> Result<()> {
        self.browser.go(&format!("{}/{hash}", self.endpoint.url()?)).await
    }

    /// Adds a person of the desa by hand, and leaves their panel open.
    async fn add_person(&self, name: &str, phone: &str) -> Result<()> {
        self.go(&format!("#/orang?region={DESA}&person=new")).await?;
        self.browser.wait_for(&format!("[data-panel=new-person] [data-desa='{DESA}']")).await?;
        self.browser.type_into("[data-field=name]", name).await?;
        self.browser.type_into("[data-field=phone]", phone).await?;
        self.browser.click("[data-action=store-person]:not([disabled])").await
    }

    /// Adds a person and waits for their panel.
    async fn add_new_person(&self, name: &str, phone: &str) -> Result<()> {
        self.add_person(name, phone).await?;
        self.browser.wait_for("[data-panel=person] [data-assignments]").await?;
        Ok(())
    }

    /// Assigns the person in the open panel to a station of their desa.
    async fn assign(&self, station: &str) -> Result<()> {
        self.browser.click("[data-action=assign]").await?;
        self.browser.click(&format!("[data-choose-station='{station}']")).await?;
        self.browser.click("[data-action=assign-confirm]:not([disabled])").await?;
        self.browser.wait_for(&format!("[data-panel=person] [data-at='{station}']")).await?;
        Ok(())
    }
}

/// Chooses an option of a list by its value.
async fn choose(page: &Page, css: &str, value: &str) -> Result<()> {
    page.click(&format!("{css} option[value='{value}']")).await
}

/// Waits until a script's value is `true`.
async fn until(page: &Page, script: &str) -> Result<()> {
    page.wait_for_script(&format!("return {script}")).await.map(|_| ())
}

/// A screenshot for the reader of the documentation.
async fn screenshot(page: &Page, name: &str) -> Result<()> {
    let folder: PathBuf = root().join("target/pictures");
    std::fs::create_dir_all(&folder)?;
    page.screenshot(&folder.join(format!("{name}.png"))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_added_assigned_invited_and_named_beside_what_their_phone_sends() -> Result<()> {
    let console = Console::open().await?;
    let browser = &console.browser;
    console.go("#/orang").await?;
    browser.wait_for("[data-screen=people] [data-empty]").await?;

    console.add_new_person(HOSTILE, "0812 3456 7890").await?;
    until(browser, &format!("document.querySelector('#panel-title').textContent === {HOSTILE:?}")).await?;
    until(browser, "document.querySelector('[data-phone]').dataset.phone === '+6281234567890'").await?;
    let address = browser.url().await?;
    ensure!(address.contains("person=0"), "the panel has an address of its own: {address}");
    console.assign(STATION).await?;
    browser.click("[data-mark=trained]").await?;
    until(browser, "document.querySelector('[data-mark=trained]').checked").await?;
    browser.click("[data-mark=letter]:not([disabled])").await?;
    until(browser, "document.querySelector('[data-mark=letter]').checked").await?;
    browser.click("[data-action=invite-person]").await?;
    browser.wait_for("[data-made='1'] svg").await?;
    let link = browser.attribute("[data-action=copy]", "data-link").await?.context("a link")?;
    browser.wait_for("[data-panel=person] [data-joining=unused]").await?;
    screenshot(browser, "console-9-person").await?;

    let app = Desktop::open().await?;
    app.join(&link).await?;
    app.click("[data-action=record]").await?;
    app.click("[data-action=attend-arrived]").await?;
    app.click("[data-action=attend-confirm]").await?;
    app.wait_for("[data-account=attendance][data-state=receipted]").await?;

    browser.wait_for("[data-panel=person] [data-joining=joined]").await?;
    console.go(&format!("#/tps/{STATION}")).await?;
    browser.wait_for_text("[data-witness-letter=A]", HOSTILE).await?;
    console.go("#/kehadiran").await?;
    browser.wait_for_text("[data-count=present]", "1").await?;
    browser.wait_for_text("tr[data-witness-device]", HOSTILE).await?;
    screenshot(browser, "console-10-attendance").await?;
    console.go("#/saksi").await?;
    browser.wait_for_text("[data-device-name]", HOSTILE).await?;
    ensure!(
        browser.evaluate("return window.hacked === undefined").await? == true,
        "a name was run as a script"
    );
    ensure!(browser.count("bdi img").await? == 0, "a name was taken for markup");

    console.endpoint.add_user("auditor", "auditor", PASSWORD)?;
    browser.click("[data-action=logout]").await?;
    browser.wait_for("[data-screen=login]").await?;
    browser.log_in(&console.endpoint.url()?, "auditor", PASSWORD).await?;
    console.go(&format!("#/tps/{STATION}")).await?;
    browser.wait_for("[data-screen=station] .side-block").await?;
    let body = browser.evaluate("return document.body.innerText").await?.to_string();
    ensure!(!body.contains("Nurul"), "an auditor reads a name");
    console.go("#/orang").await?;
    browser.wait_for("[data-failure=forbidden]").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_finds_changes_undoes_merges_and_erases() -> Result<()> {
    let console = Console::open().await?;
    let browser = &console.browser;
    console.add_new_person("Siti Rahmawati", "081211112222").await?;
    console.add_new_person("Dedi Kurniawan", "081233334444").await?;

    // The same number: the known person is shown before anything is stored.
    console.add_person("Siti Rahma", "+62 812-1111-2222").await?;
    browser.wait_for("[data-similar='1'] [data-similar-person]").await?;
    browser.click("[data-action=keep-duplicate]").await?;
    browser.wait_for("[data-panel=person] [data-assignments]").await?;
    // Escape closes the panel.
    browser.press(Key::Escape).await?;
    browser.wait_gone("[data-panel]").await?;
    browser.wait_for("[data-total='3']").await?;

    // Search and filter, in the address.
    browser.type_into("[data-action=search]", "kurniawan").await?;
    browser.wait_for("[data-rows='1'] tr[data-person]").await?;
    console.go("#/orang?search=2222").await?;
    browser.wait_for("[data-rows='2']").await?;
    console.go("#/orang?assigned=true").await?;
    browser.wait_for("[data-rows='0'] [data-action=clear]").await?;
    browser.click("[data-action=clear]").await?;
    browser.wait_for("[data-rows='3']").await?;

    // The same change of all, and back.
    browser.click("[data-action=choose-all]").await?;
    browser.wait_for("[data-chosen='3']").await?;
    browser.type_into("[data-form=bulk] [data-field=value]", "Relawan Mataram").await?;
    browser.click("[data-action=bulk-edit]").await?;
    browser.wait_for("[data-action=bulk-undo]").await?;
    until(browser, "document.querySelector('main').innerText.includes('Relawan Mataram')").await?;
    browser.click("[data-action=bulk-undo]").await?;
    browser.wait_gone("[data-action=bulk-undo]").await?;
    until(browser, "!document.querySelector('table').innerText.includes('Relawan Mataram')").await?;

    // Edit, history, undo.
    browser.click("tr[data-person] a").await?;
    browser.click("[data-action=edit-person]").await?;
    browser.replace("[data-form=person] [data-field=organisation]", "Partai Uji").await?;
    browser.click("[data-action=store-person]").await?;
    until(browser, "document.querySelector('[data-panel=person]').innerText.includes('Partai Uji')").await?;
    browser.click("[data-history] summary").await?;
    browser.wait_for("[data-change=edit] [data-action=undo-change]").await?;
    screenshot(browser, "console-11-people").await?;
    browser.click("[data-action=undo-change]").await?;
    until(browser, "!document.querySelector('[data-panel=person] dl').innerText.includes('Partai Uji')")
        .await?;

    // The two with the same number are one person.
    console.go("#/orang?search=rahma").await?;
    browser.click("tr[data-person] a").await?;
    browser.click("[data-action=find-similar]").await?;
    browser.wait_for("[data-similar='1']").await?;
    browser.click("[data-action=merge]").await?;
    browser.wait_gone("[data-similar]").await?;
    console.go("#/orang").await?;
    browser.wait_for("[data-rows='2']").await?;

    // A report of all that is known, and erasure.
    console.go("#/orang?search=kurniawan").await?;
    browser.click("tr[data-person] a").await?;
    let report = browser.attribute("[data-action=access-report]", "href").await?.context("an address")?;
    let known = format!(
        "return fetch({report:?}).then((answer) => answer.text()) \
            .then((text) => text.includes('+6281233334444'))"
    );
    ensure!(browser.evaluate(&known).await? == true, "the report has the number");
    browser.click("[data-action=erase]").await?;
    browser.click("[data-action=erase-confirm]").await?;
    browser.wait_for("[data-panel=person] [data-erased]").await?;
    until(browser, "!document.body.innerText.includes('Kurniawan')").await?;
    Ok(())
}

/// A spreadsheet as a party's office in the desa writes it.
const SHEET: &str = "DAFTAR SAKSI\n\nNama Saksi;No HP;Desa;TPS;Organisasi\n\
    Siti Rahmawati;0812-1111-2222;MATARAM BARAT;TPS 1;Partai Uji\n\
    Dedi Kurniawan;81233334444;52.71.05.1001;001;Partai Uji\n\
    Agus Priyambada;0812 5555 6666;Mataram Barat;TPS 2;Partai Uji\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_is_mapped_checked_and_stored_whole_or_not_at_all() -> Result<()> {
    let console = Console::open().await?;
    let browser = &console.browser;
    let folder = tempfile::tempdir()?;
    let write = |name: &str, text: &str| -> Result<PathBuf> {
        let file = folder.path().join(name);
        std::fs::write(&file, text)?;
        Ok(file)
    };

    // A fault is named by its cell, and nothing is stored.
    let faulty = SHEET.replace("TPS 2", "TPS 77").replace("81233334444", "tidak ada");
    console.go("#/impor").await?;
    browser.attach("[data-field=file]", &write("salah.csv", &faulty)?).await?;
    browser.wait_for("[data-import-state=uploaded] [data-column]").await?;
    browser.click("[data-action=check-import]:not([disabled])").await?;
    browser.wait_for("[data-faults='2'] tr[data-fault=station_unknown][data-row='6']").await?;
    browser.wait_for("tr[data-fault=phone_unfit][data-row='5']").await?;
    ensure!(browser.count("[data-action=store-import]").await? == 0, "a faulty file can be stored");
    screenshot(browser, "console-12-import-faults").await?;
    browser.click("[data-action=discard-import]").await?;
    browser.wait_for("[data-import-state=discarded]").await?;

    console.add_new_person("Siti Rahmawati", "081211112222").await?;
    console.go("#/impor").await?;
    browser.attach("[data-field=file]", &write("saksi.csv", SHEET)?).await?;
    browser.wait_for("[data-import-state=uploaded] [data-column]").await?;
    // Without a column for the name nothing can be checked.
    choose(browser, "[data-column='0']", "").await?;
    browser.wait_for("[data-lacking=name]").await?;
    choose(browser, "[data-column='0']", "name").await?;
    browser.click("[data-action=check-import]:not([disabled])").await?;
    browser.wait_for("[data-faults='0'] [data-sound='3']").await?;
    browser.wait_for("[data-duplicates='1']").await?;
    screenshot(browser, "console-13-import").await?;
    // The row with the known number is another person of the same family.
    choose(browser, "[data-decision='4']", "keep").await?;
    browser.click("[data-action=store-import]").await?;
    browser.wait_for("[data-import-state=stored]").await?;
    browser.click("[data-action=to-people]").await?;
    browser.wait_for("[data-screen=people] [data-rows='4']").await?;

    // The stations have witnesses now, and the others are to be called about.
    console.go(&format!("#/kelengkapan/{DESA}?lack=witness")).await?;
    browser.wait_for("[data-lacking=witness][data-value='2']").await?;
    browser.wait_for(&format!("tr[data-lacking-station='{DESA}-003']")).await?;
    browser.click("[data-action=set-target]").await?;
    browser.replace("[data-form=target] [data-field=witnesses]", "8").await?;
    browser.click("[data-action=store-target]").await?;
    browser.wait_for("[data-target='8']").await?;
    screenshot(browser, "console-14-staffing").await?;
    browser.click("[data-action=appoint]").await?;
    browser.wait_for("[data-panel=new-person]").await?;

    // Letters to print: a page for each.
    console.go(&format!("#/surat-mandat?region={DESA}")).await?;
    browser.wait_for("[data-rows='3']").await?;
    // The sheets stand beside the page, which stays off the paper.
    let print = "window.print = () => \
        (window.printed = document.querySelectorAll('body > div > .print > .letter svg').length)";
    browser.evaluate(print).await?;
    browser.click("[data-action=make-letters]:not([disabled])").await?;
    browser.wait_for("[data-made='3']").await?;
    browser.click("[data-action=print-letters]").await?;
    until(browser, "window.printed === 3").await?;
    Ok(())
}

const INCIDENT: &str = "Saksi diminta keluar <b>sebelum</b> penghitungan.";
const MESSAGE: &str = "Jangan pulang <script>window.hacked=1</script> sebelum salinan diterima.";

#[tokio::test(flavor = "multi_thread")]
async fn messages_reach_a_phone_and_incidents_are_worked_through() -> Result<()> {
    let console = Console::open().await?;
    let browser = &console.browser;
    let invitation = console.endpoint.invite(&[STATION])?.pop().context("an invitation")?;
    let app = Desktop::open().await?;
    app.join(&invitation).await?;
    app.click("[data-action=record]").await?;
    app.type_into("[data-incident=account]", INCIDENT).await?;
    let category = "const category = document.querySelector('[data-incident=category]'); \
        category.selectedIndex = 3; \
        category.dispatchEvent(new Event('change', { bubbles: true })); \
        return true";
    app.wait_for_script(category).await?;
    app.click("[data-action=seal-incident]:not([disabled])").await?;
    app.click("[data-action=incident-confirm]").await?;
    app.wait_for("[data-account=incident][data-state=receipted]").await?;

    console.go("#/kejadian").await?;
    browser.wait_for_text("[data-count=new]", "1").await?;
    browser.click("[data-action=open-incident]").await?;
    browser.wait_for_text("[data-panel=incident] .text", INCIDENT).await?;
    choose(browser, "[data-form=step] [data-field=state]", "closed").await?;
    browser.type_into("[data-form=step] [data-field=note]", "Sudah ditelepon.").await?;
    screenshot(browser, "console-15-incident").await?;
    browser.click("[data-action=step]").await?;
    browser.wait_for("[data-incident-state=closed]").await?;
    browser.wait_for("tr[data-state=closed]").await?;

    console.go("#/pesan").await?;
    browser.type_into("[data-field=text]", MESSAGE).await?;
    browser.click("[data-action=send-message]").await?;
    browser.wait_for_text("li[data-message] .text", MESSAGE).await?;
    browser.click("[data-action=readers]").await?;
    browser.wait_for("[data-reader][data-read=false]").await?;
    screenshot(browser, "console-16-messages").await?;
    browser.click("[data-action=withdraw-message]").await?;
    browser.click("[data-action=withdraw-confirm]").await?;
    browser.wait_for("[data-withdrawn=true]").await?;
    ensure!(browser.evaluate("return window.hacked === undefined").await? == true, "a message was run");
    Ok(())
}

/// The code of six digits that an authenticator with this secret shows now, computed by the browser.
const CODE: &str = "const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'; \
    const secret = document.querySelector('[data-secret]').dataset.secret.replaceAll(' ', ''); \
    const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join(''); \
    const key = Uint8Array.from(bits.match(/.{8}/g), (byte) => parseInt(byte, 2)); \
    const message = new DataView(new ArrayBuffer(8)); \
    message.setUint32(4, Math.floor(Date.now() / 30000)); \
    const hmac = { name: 'HMAC', hash: 'SHA-1' }; \
    return crypto.subtle.importKey('raw', key, hmac, false, ['sign']) \
        .then((key) => crypto.subtle.sign('HMAC', key, message)) \
        .then((signed) => { \
            const bytes = new DataView(signed); \
            const number = bytes.getUint32(bytes.getUint8(19) & 15) & 0x7fffffff; \
            return String(number % 1000000).padStart(6, '0'); \
        })";

#[tokio::test(flavor = "multi_thread")]
async fn a_first_password_is_changed_and_a_second_factor_is_set_up_used_and_reset() -> Result<()> {
    let mut endpoint = Endpoint::new(&demo_election())?;
    endpoint.start()?;
    endpoint.add_user("kepala", "admin", PASSWORD)?;
    let url = endpoint.url()?;
    let browser = Browser::open().await?;
    browser.log_in(&url, "kepala", PASSWORD).await?;
    browser.go(&format!("{url}/#/akun")).await?;
    browser.type_into("[data-form=account] [data-field=user]", "rini").await?;
    browser.type_into("[data-form=account] [data-field=region]", "52.71").await?;
    browser.click("[data-action=add-account]").await?;
    let shown = browser.text("[data-password-of=rini] .mono").await?;
    let first = shown.split_whitespace().last().context("a password")?.to_owned();
    browser.click("[data-action=logout]").await?;

    begin_login(&browser, &url, "rini", &first).await?;
    browser.wait_for("[data-duty=change_password]").await?;
    screenshot(&browser, "console-17-first-password").await?;
    browser.type_into("[name=old]", &first).await?;
    browser.type_into("[name=new]", PASSWORD).await?;
    browser.type_into("[name=again]", "salah ketik").await?;
    browser.wait_for("[data-different]").await?;
    browser.replace("[name=again]", PASSWORD).await?;
    browser.click("[data-action=change-password]:not([disabled])").await?;
    browser.wait_for("[data-screen=region]").await?;

    browser.click("[data-action=my-account]").await?;
    browser.wait_for("[data-own=true]").await?;
    browser.click("[data-action=set-up-factor]").await?;
    browser.type_into("[data-form=second-factor] [name=password]", PASSWORD).await?;
    browser.click("[data-action=begin-second-factor]").await?;
    browser.wait_for("[data-secret]").await?;
    let code = browser.evaluate(CODE).await?;
    browser.type_into("[name=code]", code.as_str().context("a code")?).await?;
    browser.click("[data-action=confirm-second-factor]").await?;
    browser.wait_for("[data-recovery='10']").await?;
    let recovery = browser.text("[data-recovery] .codes li").await?;
    browser.click("[data-action=recovery-done]").await?;
    browser.wait_for("[data-second-factor=true]").await?;
    screenshot(&browser, "console-18-my-account").await?;
    browser.click("[data-action=logout]").await?;

    begin_login(&browser, &url, "rini", PASSWORD).await?;
    browser.type_into("[name=code]", "000000").await?;
    browser.click("[data-action=login]").await?;
    browser.wait_for("[data-failure=second_factor_wrong]").await?;
    browser.type_into("[name=code]", &recovery).await?;
    browser.click("[data-action=login]").await?;
    browser.wait_for("[data-screen=region]").await?;
    browser.click("[data-action=logout]").await?;

    browser.log_in(&url, "kepala", PASSWORD).await?;
    browser.go(&format!("{url}/#/akun")).await?;
    browser.click("tr[data-account=rini] [data-action=reset-factor]").await?;
    browser.click("tr[data-account=rini] [data-action=reset-factor-confirm]").await?;
    browser.wait_gone("tr[data-account=rini] [data-action=reset-factor-confirm]").await?;
    browser.wait_gone("tr[data-account=rini] [data-action=reset-factor]").await?;
    Ok(())
}

/// Fills in the login and sends it. The address leads to the overview.
async fn begin_login(browser: &Browser, url: &str, user: &str, password: &str) -> Result<()> {
    browser.go(&format!("{url}/#/wilayah")).await?;
    browser.type_into("[name=user]", user).await?;
    browser.type_into("[name=password]", password).await?;
    browser.click("[data-action=login]").await
}
