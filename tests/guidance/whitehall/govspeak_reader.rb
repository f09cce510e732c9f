# Reads Govspeak as GOV.UK does: a JSON list of texts in, a JSON list of HTML texts out.
#
# What Govspeak adds to kramdown it replaces with HTML before kramdown reads it, one pattern after
# the other, over the whole text and over what the patterns before made. This is our own reading of
# its rules (alphagov/govspeak 10), without what needs pictures, attachments or contacts: those it
# takes out where it does not find them, and so does this.
require "json"
require "kramdown"

QUOTES = "[\"\u201c\u201d\u201e\u201f\u2033\u2036]+"
BLANK = '[^\S\r\n]*'
NOT_FOR_HTML = /[\u0340\u0341\u17a3\u17d3\u2028\u2029\u202a-\u202e\u206a-\u206f\ufff9-\ufffc\ufeff]/

def around(sign)
  sign = Regexp.escape(sign)
  /(?:\r|\n|^)#{sign}(.*?)#{sign}? *(?:\r|\n|$)/m
end

def by_itself(text)
  Kramdown::Document.new("#{text.strip}\n").to_html
end

def notice(name, text)
  "\n\n<div role=\"note\" class=\"application-notice #{name}\">\n#{govspeak(text.strip)}</div>\n"
end

def box(name, inner)
  "\n<div class=\"#{name}\">\n#{inner}</div>\n"
end

def with_the_page(name, text)
  inner = text.strip.gsub(/\A^\|/, "\n|").gsub(/\|$\Z/, "|\n")
  "<div class=\"#{name}\" markdown=\"1\">\n#{inner}\n</div>\n"
end

def address(text)
  lines = text.sub(/\A\r?\n/, "").lines.map { |line| line.sub(/[\s\\]*\z/, "") }
  "\n<div class=\"address\"><div class=\"adr org fn\"><p markdown=\"1\">\n#{lines.join('<br />')}\n</p></div></div>\n"
end

def steps(text)
  items = text.scan(/s\d+\.\s(.*)(?:\n|$)/).map do |(step)|
    "<li markdown=\"1\">\n  #{step.strip}\n</li>"
  end
  "<ol class=\"steps\">\n  #{items.join("\n  ")}\n</ol>\n"
end

NATIONS = %w[scotland england england-wales northern-ireland wales london].freeze

EXTENSIONS = [
  [/(?:\r|\n|^){button(.*?)}\s*\[([^\]]+)\]\(([^)]+)\)\s*{\/button}(?:\r|\n|$)/,
   ->(_, text, href) { "\n<a class=\"govuk-button\" href=\"#{href.strip}\">#{text.strip}</a>\n" }],
  [/{::highlight-answer}(.*?){:\/highlight-answer}/m, ->(text) { box("highlight-answer", govspeak(text.strip)) }],
  [/{stat-headline}(.*?){\/stat-headline}/m, ->(text) { box("stat-headline", govspeak(text.strip)) }],
  [/(?:\r|\n|^)x\[(.*?)\)x *(?:\r|\n|$)?/m, ->(text) { Kramdown::Document.new("[#{text.strip}){:rel='external'}").to_html }],
  [around("^"), ->(text) { notice("info-notice", text) }],
  [around("%"), ->(text) { notice("help-notice", text) }],
  [/{barchart(.*?)}/, ->(_) { "{: .js-barchart-table .mc-auto-outdent}" }],
  [/^!!([0-9]+)/, ->(_) { "" }],
  [/\[embed:attachments:inline:\s*(.*?)\s*\]/, ->(_) { "" }],
  [/\[embed:attachments:image:\s*(.*?)\s*\]/, ->(_) { "" }],
  [around("$CTA"), ->(text) { with_the_page("call-to-action", text) }],
  [around("$!"), ->(text) { box("summary", by_itself(text)) }],
  [around("$D"), ->(text) { box("form-download", by_itself(text)) }],
  [around("$C"), ->(text) { box("contact", by_itself(text)) }],
  [around("$P"), ->(text) { box("place", govspeak("#{text.strip}\n")) }],
  [around("$I"), ->(text) { box("information", govspeak("#{text.strip}\n")) }],
  [around("$AI"), ->(text) { box("additional-information", by_itself(text)) }],
  [around("$E"), ->(text) { with_the_page("example", text) }],
  [around("$A"), ->(text) { address(text) }],
  [/(?<=\A|\n\n|\r\n\r\n)\$LegislativeList\s*$(.*?)\$EndLegislativeList/m, ->(text) { by_itself(text) }],
  [/^[ \t]*((?:s\d+\.\s.*(?:\n|$))+)/, ->(text) { steps(text) }],
  *NATIONS.map do |nation|
    [/:#{nation}:(.*?):#{nation}:/m, ->(text) { box("devolved-content", govspeak(text.strip)) }]
  end,
  [/\[embed:link:\s*(.*?)\s*\]/, ->(_) { "" }],
  [/\[Contact:\s*(.*?)\s*\]/, ->(_) { "" }],
  [/^\[Image:\s*(.*?)\s*\]/, ->(_) { "" }],
  [/^\[Attachment:\s*(.*?)\s*\]/, ->(_) { "" }],
  [/\[AttachmentLink:\s*(.*?)\s*\]/, ->(_) { "" }],
].freeze

def prepared(text)
  text = text.gsub(/^>#{BLANK}#{QUOTES}#{BLANK}(.+?)$/, '> \1')
             .gsub(/^>(.+?)#{BLANK}#{QUOTES}#{BLANK}(\r?)$/, '>\1\2')
             .gsub(NOT_FOR_HTML, "")
  EXTENSIONS.each do |pattern, html|
    text = text.gsub(pattern) { html.call(*Regexp.last_match.captures) }
  end
  text
end

# What is done to the HTML: cells that begin with "# " head their row.
def headed(html)
  html.gsub(/<th([^>]*)># /, '<th\1>')
      .gsub(/(<tr>\s*)<td([^>]*)>#(?:\s+(.*?))?<\/td>/, '\1<th scope="row"\2>\3</th>')
end

def govspeak(text)
  headed(Kramdown::Document.new(prepared(text), entity_output: :symbolic).to_html)
end

puts JSON.generate(JSON.parse($stdin.read).map { |text| govspeak(text) }) if $PROGRAM_NAME == __FILE__
