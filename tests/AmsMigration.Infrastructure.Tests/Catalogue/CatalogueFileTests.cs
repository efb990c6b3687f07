using AmsMigration.Infrastructure.Catalogue;
using AmsMigration.Recommendations;

namespace AmsMigration.Infrastructure.Tests.Catalogue;

/// <summary>A catalogue of a user's own: what is wrong in it is told with its place.</summary>
public class CatalogueFileTests
{
    private const string Sound = """
        schema: 1
        version: 'mine'
        sources:
          a: { title: A, link: https://example.com, date: 2024-01-01 }
        options:
          - id: one
            name: One
            kind: Service
            clouds: [Public]
            workloads: [LiveStreaming]
            sources: [a]
            nextStep: Ask.
            link: https://example.com
            facts:
              widevine: Yes
              aes: { value: Yes, until: 2026-01-01 }
          - id: two
            name: Two
            kind: Integrator
            clouds: [Public, China]
            workloads: [Analysis]
            sources: [a]
            requires: [one]
            nextStep: Ask.
            link: https://example.com
        versionGuide:
          statement: It is over.
          source: a
        """;

    [Fact]
    public void A_sound_one_is_read()
    {
        MigrationCatalogue catalogue = CatalogueFile.Parse("mine.yaml", Sound);

        Assert.Equal("mine", catalogue.Version);
        Assert.Equal(["one", "two"], catalogue.Options.Select(option => option.Id));
        Assert.Equal(["one"], catalogue.Options[1].Requires);
        CatalogueFact aes = catalogue.Options[0].Find(OptionFact.Aes);
        Assert.Equal((FactValue.Yes, FactValue.No), (aes.On(new DateTime(2026, 1, 1)), aes.On(new DateTime(2026, 1, 2))));
        Assert.Equal(FactValue.Unknown, catalogue.Options[0].Find(OptionFact.FairPlay).Value);
    }

    [Theory]
    [InlineData("schema: 1", "schema: 2", 1, 9, "is 2; expected 1")]
    [InlineData("schema: 1", "schema: [", 1, 9, "not valid YAML")]
    [InlineData("version: 'mine'", "version: {}", 2, 10, "a mapping; expected a text")]
    [InlineData("kind: Service", "kind: Servant", 8, 11, "'Servant'; expected Service, Tool, Integrator, Analysis")]
    [InlineData("kind: Service", "kind: 1", 8, 11, "'1'; expected Service, Tool, Integrator, Analysis")]
    [InlineData("kind: Service", "kidn: Service", 6, 5, "lacks the key 'kind'")]
    [InlineData("    name: One", "    name: One\n    naem: One", 8, 5, "unknown key 'naem'; expected id, sources, name")]
    [InlineData("clouds: [Public]", "clouds: Public", 9, 13, "'Public'; expected a list")]
    [InlineData("clouds: [Public]", "clouds: [Moon]", 9, 13, "'Moon'; expected Public, Government, China")]
    [InlineData("widevine: Yes", "widevine: Maybe", 15, 17, "'Maybe'; expected Unknown, Yes, No, WithOwnService")]
    [InlineData("widevine: Yes", "widewine: Yes", 15, 7, "'widewine' is no fact; expected preservesUrls")]
    [InlineData("until: 2026-01-01", "until: 2026-13-01", 16, 33, "'2026-13-01'; expected a date as YYYY-MM-DD")]
    [InlineData("id: two", "id: ONE", 17, 9, "is taken by an option in front of it")]
    [InlineData("requires: [one]", "requires: [three]", 23, 15, "names the option 'three', which is not there")]
    [InlineData("requires: [one]", "requires: [two]", 23, 15, "leads back to itself: two -> two")]
    [InlineData("    sources: [a]", "    sources: [b]", 11, 14, "names the source 'b', which is not there; expected a")]
    [InlineData("name: Two", "name: Two\n    name: Three", 19, 5, "not valid YAML")]
    [InlineData("  source: a", "  source: &x a", 28, 11, "an anchor is found")]
    [InlineData("  source: a", "  source: !!str a", 28, 11, "a tag is found")]
    [InlineData("  source: a", "  source: *a", 28, 11, "an alias is found")]
    [InlineData("  source: a", "  source: a\n---\nb: c", 1, 1, "has 2 documents; expected one")]
    public void What_is_wrong_is_told_with_line_column_and_what_was_expected(string right, string wrong, int line, int column, string message)
    {
        int at = Sound.IndexOf(right, StringComparison.Ordinal);
        string text = Sound[..at] + wrong + Sound[(at + right.Length)..];

        CatalogueException e = Assert.Throws<CatalogueException>(() => CatalogueFile.Parse("mine.yaml", text));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (e.Line, e.Column));
        Assert.StartsWith($"mine.yaml({line},{column}): ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_over_several_options_is_told_with_its_way()
    {
        string text = Sound.Replace("    facts:", "    requires: [two]\n    facts:", StringComparison.Ordinal);

        CatalogueException e = Assert.Throws<CatalogueException>(() => CatalogueFile.Parse("mine.yaml", text));

        Assert.Contains("one -> two -> one", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b")]
    [InlineData("text")]
    [InlineData("schema: 1\nversion: x")]
    public void What_is_no_catalogue_at_all_is_refused(string text) =>
        Assert.Throws<CatalogueException>(() => CatalogueFile.Parse("mine.yaml", text));

    [Fact]
    public void A_deep_document_is_refused_before_it_costs_stack() =>
        Assert.Contains("levels", Assert.Throws<CatalogueException>(() => CatalogueFile.Parse("mine.yaml", new string('[', 100_000))).Message, StringComparison.Ordinal);
}
