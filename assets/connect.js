// Connecting data: sends files one by one, and watches work that is under way.
(() => {
    const WATCH_MS = 500;
    const DATA = /\.(csv|tsv|parquet|json|jsonl|ndjson)(\.gz)?$|\.zip$/i;
    const place = (id) => document.getElementById(id);
    const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
    let sending = null;

    const tell = (sentence) => {
        const problem = place("connect-problem");
        if (problem) {
            problem.textContent = sentence;
            problem.hidden = !sentence;
        }
    };

    const lead = (job) => location.assign(job ? `/connect?job=${job}` : "/connect");

    const post = (path, body) => fetch(path, { method: "POST", body, redirect: "manual" });

    const begun = async () => {
        const { job } = place("connect-choose").dataset;
        if (job) {
            return job;
        }
        const mode = place("connect-mode")?.value ?? "add";
        const answer = await post("/connect/jobs", new URLSearchParams({ mode }));
        if (!answer.ok) {
            throw new Error(await answer.text());
        }
        return (await answer.json()).job;
    };

    // Not fetch: it does not tell how much has been sent.
    const send = (job, file, told) =>
        new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            sending = request;
            request.open("POST", `/connect/jobs/${job}/files?name=${encodeURIComponent(file.name)}`);
            request.setRequestHeader("Content-Type", "application/octet-stream");
            request.upload.addEventListener("progress", ({ loaded }) => told(loaded));
            request.addEventListener("load", () =>
                request.status < 300 ? resolve() : reject(new Error(request.responseText)),
            );
            request.addEventListener("error", () => reject(new Error("The connection to Marquee broke off.")));
            request.addEventListener("abort", () => reject(new Error("")));
            request.send(file);
        });

    const sendAll = async (chosen) => {
        const files = chosen.filter(({ name }) => DATA.test(name) && !name.startsWith("."));
        if (!files.length) {
            tell(chosen.length ? "None of these files is a CSV, TSV, Parquet or JSON file, or a .zip archive." : "");
            return;
        }
        if (sending) {
            return;
        }
        tell("");
        let job = "";
        const total = files.reduce((sum, { size }) => sum + size, 0);
        place("connect-upload").hidden = false;
        try {
            job = await begun();
            let before = 0;
            for (const file of files) {
                await send(job, file, (loaded) => {
                    place("connect-progress").value = (before + loaded) / Math.max(1, total);
                    place("connect-arriving").textContent =
                        `${file.name}: ${megabytes(before + loaded)} of ${megabytes(total)} MB`;
                });
                before += file.size;
            }
            await post(`/connect/jobs/${job}/look`);
            lead(job);
        } catch ({ message }) {
            sending = null;
            const hadJob = place("connect-choose")?.dataset.job;
            if (job && !hadJob) {
                await post(`/connect/jobs/${job}/discard`);
            }
            place("connect-upload").hidden = true;
            tell(message);
        }
    };

    const choose = (folder) => {
        const input = document.createElement("input");
        input.type = "file";
        input.multiple = true;
        input.webkitdirectory = folder;
        input.addEventListener("change", () => sendAll([...input.files]));
        input.click();
    };

    // What is dropped: files, or folders with files at any depth.
    const within = async (entry) => {
        if (entry.isFile) {
            return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
        }
        const reader = entry.createReader();
        const found = [];
        for (;;) {
            const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
            if (!some.length) {
                return found;
            }
            for (const one of some) {
                found.push(...(await within(one)));
            }
        }
    };

    document.addEventListener("click", ({ target }) => {
        const button = target.closest?.("[data-choose]");
        if (button) {
            choose(button.dataset.choose === "folder");
        } else if (target.closest?.("#connect-stop")) {
            sending?.abort();
        }
    });
    const zone = ({ target }) => target.closest?.(".connect-drop");
    document.addEventListener("dragover", (event) => {
        if (zone(event)) {
            event.preventDefault();
            zone(event).dataset.over = "true";
        }
    });
    document.addEventListener("dragleave", (event) => zone(event)?.removeAttribute("data-over"));
    document.addEventListener("drop", async (event) => {
        if (!zone(event)) {
            return;
        }
        event.preventDefault();
        zone(event).removeAttribute("data-over");
        const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
        sendAll((await Promise.all(entries.map(within))).flat());
    });

    const watch = async () => {
        const work = document.querySelector("[data-watch]");
        if (!work) {
            return;
        }
        const { watch: job } = work.dataset;
        try {
            const told = await (await fetch(`/connect/jobs/${job}/progress`)).json();
            if (!told.busy) {
                lead(job);
                return;
            }
            place("connect-step").textContent = told.step || "Starting";
            if (told.planned_rows) {
                place("connect-bar").value = Math.min(1, told.done_rows / told.planned_rows);
                place("connect-rows").textContent =
                    `${told.done_rows.toLocaleString("en")} of ${told.planned_rows.toLocaleString("en")} rows`;
            }
        } catch {
            place("connect-step").textContent = "Marquee does not answer; trying again";
        }
    };
    setInterval(watch, WATCH_MS);
})();
