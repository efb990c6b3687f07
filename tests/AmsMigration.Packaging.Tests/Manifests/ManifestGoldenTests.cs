using System.Text;
using AmsMigration.Packaging.Planning;
using AmsMigration.TestSupport;

namespace AmsMigration.Packaging.Tests.Manifests;

/// <summary>
/// All manifests of a presentation in the order of publication, compared with tests/fixtures/golden/manifests. With RECORD_GOLDEN=1 in the
/// environment they are written anew; the difference is then to be read in review.
/// </summary>
public class ManifestGoldenTests
{
    [Theory]
    [MemberData(nameof(MadeUpPresentations.InBothLayouts), MemberType = typeof(MadeUpPresentations))]
    public void Manifests_are_those_that_were_reviewed(string name, OutputLayout layout)
    {
        string folder = Path.Combine(Repository.Root, "tests", "fixtures", "golden", "manifests");
        string path = Path.Combine(folder, $"{name}-{layout.ToString().ToLowerInvariant()}.txt");
        string actual = Describe(MadeUpPresentations.Write(name, layout).Files);
        if (Environment.GetEnvironmentVariable("RECORD_GOLDEN") == "1")
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual, ignoreLineEndingDifferences: true);
    }

    private static string Describe(IReadOnlyList<OutputFile> files)
    {
        var text = new StringBuilder();
        foreach (OutputFile file in files)
        {
            string content = MadeUp.Text(files, file.Path);
            Assert.Equal(file.Length, Encoding.UTF8.GetByteCount(content));
            text.Append($"======== {file.Path} ({file.ContentType})\n{content}\n");
        }

        return text.ToString();
    }
}
