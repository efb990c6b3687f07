using System.Xml.Linq;
using AmsMigration.TestSupport;

namespace AmsMigration.Module.Tests;

/// <summary>The direction of dependencies: AmsMigration, Worker, KeyService -> Infrastructure -> Core -> Packaging, and where packages may be seen.</summary>
public sealed class DependencyTests
{
    private static readonly HashSet<string> _framework =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetDirectoryName(file) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(file => Path.GetFileNameWithoutExtension(file)!)];

    public static TheoryData<string, string> Editions => new()
    {
        { "core", "AmsMigration" }, { "core", "AmsMigration.Core" }, { "core", "AmsMigration.Packaging" },
        { "desktop", "AmsMigration" }, { "desktop", "AmsMigration.Core" }, { "desktop", "AmsMigration.Packaging" },
    };

    [Theory]
    [InlineData("AmsMigration.Packaging", new string[0], new string[0])]
    [InlineData("AmsMigration.Core", new[] { "AmsMigration.Packaging" }, new string[0])]
    [InlineData("AmsMigration.Infrastructure", new[] { "AmsMigration.Core" }, null)]
    [InlineData("AmsMigration", new[] { "AmsMigration.Infrastructure" }, new[] { "PowerShellStandard.Library" })]
    [InlineData("AmsMigration.Worker", new[] { "AmsMigration.Infrastructure" }, new[] { "System.CommandLine" })]
    [InlineData(
        "AmsMigration.KeyService", new[] { "AmsMigration.Infrastructure" },
        new[] { "Microsoft.IdentityModel.JsonWebTokens", "Microsoft.IdentityModel.Protocols.OpenIdConnect", "System.CommandLine" })]
    public void Projects_refer_one_way_and_only_Infrastructure_chooses_its_packages(string project, string[] projects, string[]? packages)
    {
        XDocument file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));

        Assert.Equal(projects, file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)));
        if (packages is not null)
        {
            Assert.Equal(packages, file.Descendants("PackageReference").Select(reference => (string)reference.Attribute("Include")!));
        }
    }

    [Theory]
    [MemberData(nameof(Editions))]
    public void Assemblies_refer_to_nothing_but_the_framework_and_what_lies_below_them(string edition, string name)
    {
        HashSet<string> allowed = [.. Framework(edition), .. Below(name)];

        AssemblyScan scan = AssemblyScan.Read(StagedModule.Assembly(edition, name));

        Assert.NotEmpty(scan.References);
        Assert.Empty(scan.References.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Editions))]
    public void No_type_of_Infrastructure_or_of_a_package_shows(string edition, string name)
    {
        HashSet<string> allowed = [.. Framework(edition), .. Below(name).Where(assembly => assembly != "AmsMigration.Infrastructure")];

        AssemblyScan scan = AssemblyScan.Read(StagedModule.Assembly(edition, name));

        Assert.NotEmpty(scan.Shown);
        Assert.DoesNotContain(scan.Shown, entry => !allowed.Contains(entry.Split(':')[0]));
    }

    [Fact]
    public void Infrastructure_does_not_know_who_uses_it()
    {
        foreach (string edition in new[] { "core", "desktop" })
        {
            AssemblyScan scan = AssemblyScan.Read(StagedModule.Assembly(edition, "AmsMigration.Infrastructure"));
            Assert.DoesNotContain("AmsMigration", scan.References);
            Assert.DoesNotContain("System.Management.Automation", scan.References);
        }
    }

    [Fact]
    public void The_worker_needs_no_PowerShell() =>
        Assert.DoesNotContain(AssemblyScan.Read(StagedModule.Worker).References, name => name is "AmsMigration" or "System.Management.Automation");

    /// <summary>Neither edition of PowerShell takes a lower version of an assembly than the one that was asked for.</summary>
    [Theory]
    [InlineData("core")]
    [InlineData("desktop")]
    public void Every_staged_assembly_finds_the_versions_that_it_wants(string edition)
    {
        string[] files = Directory.GetFiles(Path.Combine(StagedModule.Folder, edition), "*.dll", SearchOption.AllDirectories);
        Dictionary<string, Version> staged = files.Select(System.Reflection.AssemblyName.GetAssemblyName).ToDictionary(name => name.Name!, name => name.Version!);

        string[] missed = [.. files.SelectMany(file => AssemblyScan.Read(file).Wanted
            .Where(wanted => staged.TryGetValue(wanted.Key, out Version? there) && there < wanted.Value)
            .Select(wanted => $"{Path.GetFileName(file)} wants {wanted.Key} {wanted.Value}, and there is {staged[wanted.Key]}"))];

        Assert.Empty(missed);
        Assert.Contains("System.IO.Hashing", staged.Keys);
    }

    [Fact]
    public void Every_staged_assembly_has_the_version_of_the_manifest()
    {
        string version = Path.GetFileName(StagedModule.Folder);
        string[] files = Directory.GetFiles(StagedModule.Folder, "AmsMigration*.dll", SearchOption.AllDirectories);

        Assert.Equal(8, files.Length);
        Assert.All(files, file => Assert.Equal(version + ".0", System.Reflection.AssemblyName.GetAssemblyName(file).Version!.ToString()));
    }

    [Theory]
    [InlineData("System.Text.StringBuilder")] // a field
    [InlineData("System.Collections.Specialized.NameValueCollection")] // the argument of a generic base type
    [InlineData("System.Net.IPAddress")] // a parameter
    [InlineData("System.Uri")] // captured by a lambda
    [InlineData("System.ComponentModel.CategoryAttribute")] // an attribute
    public void A_scan_sees_every_place_that_counts(string type) =>
        Assert.Contains(AssemblyScan.Read(typeof(DependencyTests).Assembly.Location).Shown, entry => entry.EndsWith(": " + type, StringComparison.Ordinal));

    [Fact]
    public void A_scan_does_not_see_what_is_only_used_in_a_method() =>
        Assert.DoesNotContain(
            AssemblyScan.Read(typeof(DependencyTests).Assembly.Location).Shown, entry => entry.EndsWith(": System.Net.CookieContainer", StringComparison.Ordinal));

    private static IEnumerable<string> Framework(string edition) => edition == "core" ? _framework : ["netstandard"];

    private static IEnumerable<string> Below(string name) => name switch
    {
        "AmsMigration" => ["System.Management.Automation", "AmsMigration.Infrastructure", "AmsMigration.Core", "AmsMigration.Packaging"],
        "AmsMigration.Core" => ["AmsMigration.Packaging"],
        _ => [],
    };

    /// <summary>Has a type of another assembly in every place that a scan must see, and one where it must not.</summary>
    [System.ComponentModel.Category("scan")]
    private abstract class Sample : List<System.Collections.Specialized.NameValueCollection>
    {
        protected System.Text.StringBuilder Builder = new();

        public static Func<string> Capture(string text)
        {
            var uri = new Uri(text);
            return () => uri.Host;
        }

        public int Add(System.Net.IPAddress address) => new System.Net.CookieContainer().Count + address.GetHashCode() + Builder.Length;
    }
}
