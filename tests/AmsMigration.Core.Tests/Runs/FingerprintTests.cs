using System.Reflection;
using AmsMigration.Conversion;
using AmsMigration.Packaging.Planning;
using AmsMigration.Packaging.Protection;
using AmsMigration.Packaging.Storage;
using AmsMigration.Runs;
using AmsMigration.StreamingUrls;

namespace AmsMigration.Core.Tests.Runs;

public sealed class FingerprintTests
{
    /// <summary>Choices that decide how an output is made, not what it holds; what lies elsewhere and has a record of its own; and those about protection, which go in with the asset's keys.</summary>
    private static readonly string[] Irrelevant =
    [
        nameof(ConversionOptions.Packaging), nameof(ConversionOptions.PathTemplate), nameof(ConversionOptions.Force),
        nameof(ConversionOptions.WaitForOther), nameof(ConversionOptions.BreakLease), nameof(ConversionOptions.MarkSource),
        nameof(ConversionOptions.ServerSideCopy), nameof(ConversionOptions.Aliases),
        nameof(ConversionOptions.Protection), nameof(ConversionOptions.ContentKeys), nameof(ConversionOptions.SourceKeys),
    ];

    public static TheoryData<string> Options =>
        [.. typeof(PackagingOptions).GetProperties().Concat(typeof(ConversionOptions).GetProperties().Where(p => !Irrelevant.Contains(p.Name))).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_option_that_decides_what_an_output_holds_is_part_of_it(string option)
    {
        var changed = new ConversionOptions();
        object target = typeof(PackagingOptions).GetProperty(option) is null ? changed : changed.Packaging;
        PropertyInfo property = target.GetType().GetProperty(option)!;
        property.SetValue(target, Other(property.GetValue(target), property.PropertyType));

        Assert.NotEqual(Of(new ConversionOptions()), Of(changed));
    }

    [Fact]
    public void What_decides_only_how_it_is_made_is_no_part_of_it()
    {
        var other = new ConversionOptions
        {
            PathTemplate = PathTemplate.None, Force = true, WaitForOther = TimeSpan.FromHours(1), BreakLease = true, MarkSource = true,
            ServerSideCopy = true, Aliases = new AliasOptions(new LocalDestination("/site"), []),
        };

        Assert.Equal(Of(new ConversionOptions()), Of(other));
    }

    [Fact]
    public void Path_length_and_version_of_each_source_file_are_part_of_it()
    {
        AssetFile file = new("a.mp4", 10, "e1", DateTimeOffset.UnixEpoch);
        AssetFile[] others =
        [
            file with { Path = "b.mp4" }, file with { Length = 11 }, file with { ETag = "e2" }, file with { ETag = null },
            file with { ETag = null, LastModified = DateTimeOffset.UnixEpoch.AddTicks(1) },
        ];

        string[] all = [.. others.Prepend(file).Select(one => Of(new ConversionOptions(), one)), Of(new ConversionOptions(), file, file), Of(new ConversionOptions())];

        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(Of(new ConversionOptions(), file), Of(new ConversionOptions(), file with { LastModified = null }));
    }

    [Fact]
    public void Any_change_of_a_planned_file_or_a_manifest_makes_another_layout()
    {
        OutputFile media = File("a.mp4", 10, "video/mp4", []);
        OutputFile manifest = File("a.m3u8", 3, ContentTypes.Hls, [1, 2, 3]);
        string[] layouts =
        [
            Layout(media, manifest), Layout(manifest), Layout(File("b.mp4", 10, "video/mp4", []), manifest),
            Layout(File("a.mp4", 11, "video/mp4", []), manifest), Layout(media, File("a.m3u8", 3, ContentTypes.Hls, [1, 2, 4])),
        ];

        Assert.Equal(layouts.Length, layouts.Distinct().Count());
    }

    [Fact]
    public void Each_file_of_each_conversion_has_a_name_of_its_own()
    {
        string[] names =
        [
            new Fingerprint("c", "l").OfFile("a"), new Fingerprint("c", "l").OfFile("b"), new Fingerprint("d", "l").OfFile("a"), new Fingerprint("c", "m").OfFile("a"),
        ];

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[0-9a-f]{64}$", name));
    }

    private static string Of(ConversionOptions options, params AssetFile[] files) => Fingerprint.Of(files, options, ProtectionOptions.None, [], []).Conversion;

    private static string Layout(params OutputFile[] files) => Fingerprint.Of([], new ConversionOptions(), ProtectionOptions.None, files, []).Layout;

    private static OutputFile File(string path, long length, string type, byte[] content) =>
        new() { Path = path, Length = length, ContentType = type, Extents = [Extent.FromBytes(content)] };

    private static object Other(object? value, Type type) => value switch
    {
        bool flag => !flag,
        TimeSpan time => time + TimeSpan.FromTicks(1),
        Enum => Enum.GetValues(type).GetValue(1)!,
        null when type == typeof(string) => "other",
        _ => throw new InvalidOperationException($"Say what another {type} is."),
    };
}
