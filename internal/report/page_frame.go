package report

// head writes a document's head for a page with its own style and script in addition to the common
// ones. The content security policy blocks everything else.
func (p *page) head(title phrase, style, script string) {
	p.raw("<!doctype html>\n<html")
	p.attribute("lang", phrase{English.Tag(), Chinese.Tag()})
	if p.asked {
		p.raw(" data-asked") // the script then keeps the language
	}
	p.raw(`>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '`).raw(digestOf(baseStyle + style)).raw(`'; script-src '`).raw(digestOf(languageScript + script)).raw(`'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title`)
	p.attribute("title", title).raw(">").text(title.In(p.lang))
	p.raw("</title>\n<style>").raw(markup(baseStyle + style)).raw("</style>\n</head>\n")
}

// languages writes the choice of the language, which requires the script.
func (p *page) languages() {
	p.raw(`<fieldset class="languages" hidden><legend class="hide">`).say(textLanguage).raw("</legend>")
	for _, l := range []struct {
		Language
		name string
	}{{English, "English"}, {Chinese, "简体中文"}} {
		p.raw(`<label lang="`).text(l.Tag()).raw(`"><input type="radio" name="language" value="`).text(l.Tag()).raw(`"`)
		if l.Language == p.lang {
			p.raw(" checked")
		}
		p.raw("> ").text(l.name).raw("</label>")
	}
	p.raw("</fieldset>\n")
}

// scripts writes the common script, followed by the page's own.
func (p *page) scripts(own string) {
	p.raw("<script>").raw(markup(languageScript + own)).raw("</script>\n")
}
