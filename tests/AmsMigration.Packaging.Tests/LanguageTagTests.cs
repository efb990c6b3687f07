using AmsMigration.Packaging.Sources;

namespace AmsMigration.Packaging.Tests;

public class LanguageTagTests
{
    [Theory]
    [InlineData("eng", "en")]
    [InlineData("ENG", "en")]
    [InlineData("deu", "de")]
    [InlineData("ger", "de")]
    [InlineData("chi", "zh")]
    [InlineData("zho", "zh")]
    [InlineData("fil", "fil")]
    [InlineData("yue", "yue")]
    [InlineData("en", "en")]
    [InlineData("EN-us", "en-US")]
    [InlineData("pt_br", "pt-BR")]
    [InlineData("zh-hant-tw", "zh-Hant-TW")]
    [InlineData("eng-US", "en-US")]
    [InlineData("es-419", "es-419")]
    [InlineData("iw", "he")]
    [InlineData("scr", "hr")]
    [InlineData(" fr ", "fr")]
    [InlineData("und", null)]
    [InlineData("mis", null)]
    [InlineData("zxx", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("e", null)]
    [InlineData("English (US)", null)]
    [InlineData("english", null)]
    [InlineData("en--us", null)]
    [InlineData("12", null)]
    [InlineData("en-\u00e9", null)]
    public void Names_become_the_shortest_tag(string? name, string? expected) => Assert.Equal(expected, LanguageTag.ToBcp47(name));
}
