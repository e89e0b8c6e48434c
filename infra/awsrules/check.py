"""Asks AWS's own and other checkers what they have against templates and state machines, and prints it as JSON.

    check.py REGION=FILE ...

A file *.asl.yaml is a state machine, any other one a template. What `sam validate` and `sam validate --lint` do with a template of
SAM is the translator of aws-sam-translator and cfn-lint (aws-sam-cli, samcli/commands/validate/validate.py); here cfn-lint sees the
translated template, too, which is the one that CloudFormation gets. The SAM CLI itself would bring a hundred packages and asks for
credentials. Policies go to parliament as they are on AWS in a stage with everything in it.
"""

import json
import logging
import re
import sys
import warnings

warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
logging.disable(logging.WARNING)

import boto3
import cfnlint.api
from cfnlint.config import ManualArgs
from parliament import analyze_policy_string
from samtranslator.parser.parser import Parser
from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse
from statelint.config import Config
from statelint.linter import Linter
from statelint.problem import ProblemType

ACCOUNT = "123456789012"

# The form of the ARN that Fn::GetAtt X.Arn stands for (and Ref of a topic or a state machine).
ARNS = {
    "AWS::Cognito::UserPool": "cognito-idp:{region}:{account}:userpool/{region}_{id}",
    "AWS::DynamoDB::Table": "dynamodb:{region}:{account}:table/{id}",
    "AWS::Events::EventBus": "events:{region}:{account}:event-bus/{id}",
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{id}",
    "AWS::Logs::LogGroup": "logs:{region}:{account}:log-group:{id}:*",
    "AWS::SNS::Topic": "sns:{region}:{account}:{id}",
    "AWS::SQS::Queue": "sqs:{region}:{account}:{id}",
    "AWS::StepFunctions::StateMachine": "states:{region}:{account}:stateMachine:{id}",
}


class Stage:
    """A template as it is deployed: conditions hold, but for the one that says it is the local cloud."""

    def __init__(self, template, region):
        self.resources, self.parameters, self.region = template["Resources"], template.get("Parameters", {}), region

    def resolve(self, v):
        if isinstance(v, list):
            return [x for x in map(self.resolve, v) if x is not None]
        if not isinstance(v, dict):
            return v
        if len(v) == 1:
            (name, a), = v.items()
            if name == "Ref":
                return self.ref(a)
            if name == "Fn::GetAtt":
                return self.attribute(*(a.split(".", 1) if isinstance(a, str) else a))
            if name == "Fn::Sub":
                return re.sub(r"\$\{([^}]+)\}", lambda m: self.attribute(*m[1].split(".", 1)) if "." in m[1] else self.ref(m[1]), a)
            if name == "Fn::If":
                return self.resolve(a[2] if a[0] == "IsLocal" else a[1])
        return {k: x for k, x in ((k, self.resolve(x)) for k, x in v.items()) if x is not None}

    def ref(self, name):
        pseudo = {"AWS::Region": self.region, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::StackName": "kundenkonto", "AWS::NoValue": None,
                  "AWS::StackId": f"arn:aws:cloudformation:{self.region}:{ACCOUNT}:stack/kundenkonto/begin"}
        if name in pseudo:
            return pseudo[name]
        if self.resources.get(name, {}).get("Type") in ("AWS::SNS::Topic", "AWS::StepFunctions::StateMachine"):
            return self.attribute(name, "Arn")
        if ":sqs:" in self.parameters.get(name, {}).get("AllowedPattern", ""):
            return self.arn("AWS::SQS::Queue", name)
        return name

    def arn(self, kind, name):
        return "arn:aws:" + ARNS[kind].format(region=self.region, account=ACCOUNT, id=name)

    def attribute(self, name, attribute):
        arn = self.arn(self.resources[name]["Type"], name)
        return {"Arn": arn, "StreamArn": arn + "/stream/begin"}[attribute]


def lint(source, region):
    for m in cfnlint.api.lint(source, config=ManualArgs(regions=[region])):
        yield "cfn-lint", m.rule.id, ".".join(map(str, m.path or [])), m.message


def translate(template, region):
    """The template that CloudFormation makes of one of SAM; local folders stand for objects of a bucket, as `sam package` leaves them."""
    for r in template["Resources"].values():
        for name in ("CodeUri", "DefinitionUri"):
            if name in r.get("Properties", {}):
                r["Properties"][name] = "s3://bucket/key"
    translator = Translator(None, Parser(), plugins=[], boto_session=boto3.Session(region_name=region))
    return translator.translate(sam_template=template, parameter_values={}, get_managed_policy_map=dict)


def policies(template, region):
    stage = Stage(template, region)
    for name, r in template["Resources"].items():
        if r["Type"] != "AWS::IAM::Role":
            continue
        for p in r["Properties"].get("Policies", []):
            found = analyze_policy_string(json.dumps(stage.resolve(p["PolicyDocument"])), include_community_auditors=True)
            for f in found.findings:
                yield "parliament", f.issue, name, f"{f.title} {f.detail} {f.location.get('actions', '')}"


def template(source, region):
    yield from lint(source, region)
    parsed = yaml_parse(source)
    if "Transform" in parsed:
        try:
            parsed = translate(parsed, region)
        except InvalidDocumentException as e:
            for cause in e.causes:
                yield "sam", "invalid", "", str(cause)
            return
        yield from lint(json.dumps(parsed), region)
    yield from policies(parsed, region)


def machine(source, _):
    # 2 and 2.0 are the same number in JSON, and statelint would have a rate written as the latter.
    for problem in Linter.validate(source, Config({ProblemType.FLOAT}, yaml=True)):
        yield "statelint", "invalid", "", problem


def main(arguments):
    found = []
    for argument in arguments:
        region, path = argument.split("=", 1)
        with open(path, encoding="utf-8") as f:
            source = f.read()
        check = machine if path.endswith(".asl.yaml") else template
        found += [dict(zip(("file", "by", "rule", "where", "says"), (path, *one))) for one in check(source, region)]
    json.dump(found, sys.stdout)


main(sys.argv[1:])
