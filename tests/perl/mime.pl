# Messages as Perl's MIME::Parser reads them: [base64, ...] on standard input, [message, ...] out, as JSON;
# what is no text is base64.
use strict;
use warnings;
use Encode qw(decode);
use JSON::PP;
use MIME::Base64 qw(decode_base64 encode_base64);
use MIME::Parser;

my $parser = MIME::Parser->new;
$parser->output_to_core(1);
$parser->tmp_to_core(1);

sub unfolded {
    my ($value) = @_;
    $value =~ s/\r?\n(?=[ \t])//g;
    $value =~ s/\s+\z//;
    return decode('MIME-Header', $value);
}

sub headers {
    my ($head) = @_;
    my @found;
    for my $line (@{ $head->header }) {
        my ($name, $value) = split /:\s*/, $line, 2;
        push @found, [$name, unfolded($value)];
    }
    return \@found;
}

sub parts {
    my ($entity) = @_;
    return map { parts($_) } $entity->parts if $entity->is_multipart;
    my $head = $entity->head;
    my $name = $head->recommended_filename // '';
    my $id   = $head->get('Content-ID') // '';
    $id =~ s/\s+\z//;
    my $body = $entity->bodyhandle->as_string;
    my %part = (type => $entity->effective_type, name => $name, id => $id);
    if ($entity->effective_type =~ m{^text/} && $name eq '') {
        $part{text} = decode($head->mime_attr('content-type.charset') // 'us-ascii', $body);
    } else {
        $part{bytes} = encode_base64($body, '');
    }
    return \%part;
}

my @found;
for my $each (@{ decode_json(do { local $/; <STDIN> }) }) {
    my $raw    = decode_base64($each);
    my $entity = $parser->parse_data(\$raw);
    push @found, {
        subject => unfolded($entity->head->get('Subject') // ''),
        headers => headers($entity->head),
        parts   => [parts($entity)],
    };
}
print JSON::PP->new->canonical->ascii->encode(\@found);
