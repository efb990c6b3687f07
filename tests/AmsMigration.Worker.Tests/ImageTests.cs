using System.Reflection;
using System.Text.RegularExpressions;
using AmsMigration.TestSupport;

namespace AmsMigration.Worker.Tests;

/// <summary>Images cannot be built here; that a Dockerfile names what is there can be told all the same.</summary>
public sealed partial class ImageTests
{
    private static readonly string _image = File.ReadAllText(Path.Combine(Repository.Root, "src", "AmsMigration.Worker", "Dockerfile"));

    [Fact]
    public void The_image_copies_what_is_there_and_starts_the_program()
    {
        string[] copied = [.. Copied().Matches(_image).SelectMany(copy => copy.Groups["files"].Value.Split(' '))];

        Assert.Contains("src", copied);
        Assert.All(copied, file => Assert.True(Path.Exists(Path.Combine(Repository.Root, file)), file));
        string worker = typeof(ImageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "WorkerPath").Value!;
        Assert.Contains($"ENTRYPOINT [\"/app/{Path.GetFileNameWithoutExtension(worker)}\"]", _image, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_of_the_root_that_the_build_reads_is_copied()
    {
        string[] imported = [.. Directory.GetFiles(Repository.Root, "Directory.*").Append(Path.Combine(Repository.Root, "global.json"))];

        Assert.All(imported.Select(file => Path.GetFileName(file)!), file => Assert.Contains(file, _image, StringComparison.Ordinal));
        Assert.Contains("AmsMigration.psd1", _image, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^COPY (?!--from)(?<files>.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copied();
}
